import type { ToolProvider } from '../../../src/index.ts'
import type { Clock, Metrics } from '../../../src/index.ts'
import { delay } from '../../../src/kit/index.ts'
import { buildToolKit, type ToolKit } from '../../../src/tools/tool-kit.ts'
import type { FakeRealtimeReply, FakeReply } from '../../../src/testing/index.ts'
import { NO_TOOLS } from '../../tools/tool-rig.ts'
import { type CallRigOptions, RIG_SETTINGS } from '../call-rig.ts'

/** A call that does one thing, short enough to be broken off at every step. */
export interface Scene {
  readonly options: CallRigOptions
  /** With tools, of which `look_up` takes so long. */
  readonly toolsMs?: number
  /** The caller's voice. */
  voicedAt(ms: number): boolean
  /** When the caller's question is written down. */
  readonly finalAtMs?: number
  /** What must happen when nobody disturbs it. */
  readonly events: readonly string[]
  /** Everything the agent may say, as it is spoken; absent: a model of its own speaks. */
  readonly texts?: readonly string[]
  /** Whole replies: what was heard is the beginning of one of them. */
  readonly replies: readonly string[]
}

export const SCENE_MS = 2600
const NEXT = 'Go on then.'

const silent = (): boolean => false
const asks = (ms: number): boolean => ms >= 100 && ms < 400

type Conversation = Partial<typeof RIG_SETTINGS.conversation>

const settings = (conversation: Conversation): NonNullable<CallRigOptions['settings']> => ({
  stt: { timeoutMs: 100, vadHangoverMs: 60 },
  conversation: {
    greeting: '',
    turns: { adaptive: false, unfinishedWaitMs: 0, numberWaitMs: 0, preemptive: false },
    ...conversation,
  },
})

const tts = (more: CallRigOptions['tts'] = {}): NonNullable<CallRigOptions['tts']> => ({
  msPerCharacter: 20,
  firstAudioMs: 30,
  chunkEveryMs: 30,
  chunkBytes: 1500,
  ...more,
})

const calls = (name: string, args: string, text: string): FakeReply => ({
  text,
  toolCalls: [{ id: 'c1', name, arguments: args }],
})

/** `press_keys`, and a tool that takes so long. Compiled once for all calls of a scene. */
export function createSceneTools(afterMs: number, on: { clock: Clock; metrics: Metrics }): ToolKit {
  const provider: ToolProvider = {
    tools: [{ name: 'look_up', description: 'Looks up.', parameters: { type: 'object' } }],
    async run(_name, _args, { signal }) {
      await delay(on.clock, afterMs, signal)
      return 'sent'
    },
    async close() {},
  }
  const settings = { ...NO_TOOLS, pressKeys: true }
  return buildToolKit({ settings, code: [{ name: 'shop', provider }], ...on })
}

function asked(replies: readonly (string | FakeReply)[], more: Conversation = {}): CallRigOptions {
  return { settings: settings(more), llm: { replies: [...replies, NEXT] }, tts: tts() }
}

const REPLY = ['It is half past two.', 'And there is more.']

function realtime(
  replies: readonly FakeRealtimeReply[],
): Pick<Scene, 'options' | 'voicedAt' | 'finalAtMs' | 'toolsMs'> {
  return {
    options: { settings: settings({}), realtime: { replies } },
    toolsMs: 100,
    voicedAt: asks,
    finalAtMs: 500,
  }
}

export const SCENES: Readonly<Record<string, Scene>> = {
  'a greeting': {
    options: {
      settings: settings({ greeting: 'Hello, how can I help?' }),
      llm: { replies: [NEXT] },
      tts: tts(),
    },
    voicedAt: silent,
    events: ['greeting_end'],
    texts: ['Hello, how can I help?', NEXT],
    replies: ['Hello, how can I help?', NEXT],
  },
  'a late greeting that may not be interrupted, and a turn': {
    options: {
      settings: settings({
        greeting: 'Hello, how can I help?',
        bargeIn: { ...RIG_SETTINGS.conversation.bargeIn, greeting: false },
      }),
      llm: { replies: [NEXT] },
      tts: tts({ voice: (_, index) => (index === 0 ? { firstAudioMs: 700 } : {}) }),
    },
    voicedAt: asks,
    finalAtMs: 400,
    events: ['greeting_end', 'reply_ended'],
    texts: ['Hello, how can I help?', NEXT],
    replies: ['Hello, how can I help?', NEXT],
  },
  'a reply': {
    options: asked([REPLY.join(' ')]),
    voicedAt: asks,
    finalAtMs: 400,
    events: ['reply_ended'],
    texts: [...REPLY, NEXT],
    replies: [REPLY.join(' '), NEXT],
  },
  'a reply in a stream': {
    options: { ...asked([REPLY.join(' ')]), tts: tts({ streams: true }) },
    voicedAt: asks,
    finalAtMs: 400,
    events: ['reply_ended'],
    texts: [...REPLY, NEXT],
    replies: [REPLY.join(' '), NEXT],
  },
  'a reply that waits for room': {
    options: { ...asked([REPLY.join(' ')]), settings: { ...settings({}), txQueue: { maxFrames: 4 } } },
    voicedAt: asks,
    finalAtMs: 400,
    events: ['reply_ended'],
    texts: [...REPLY, NEXT],
    replies: [REPLY.join(' '), NEXT],
  },
  'a filler': {
    options: asked([calls('look_up', '{}', 'Let me see.'), 'It was sent.'], {
      tools: { fillerAfterMs: 80, fillerTexts: ['One moment.'], maxRounds: 3 },
    }),
    toolsMs: 500,
    voicedAt: asks,
    finalAtMs: 400,
    events: ['tool_called', 'reply_ended'],
    texts: ['Let me see.', 'One moment.', 'It was sent.', NEXT],
    replies: ['Let me see. One moment. It was sent.', NEXT],
  },
  tones: {
    options: asked([calls('press_keys', '{"keys":"1234"}', 'Now.'), 'Done.']),
    toolsMs: 0,
    voicedAt: asks,
    finalAtMs: 400,
    events: ['tool_called', 'reply_ended'],
    texts: ['Now.', 'Done.', NEXT],
    replies: ['Now. Done.', NEXT],
  },
  'a pause and a resume': {
    options: asked(['It is a quarter past two in the afternoon.'], {
      bargeIn: { ...RIG_SETTINGS.conversation.bargeIn, minSpeechMs: 60, falseStartMs: 200 },
    }),
    voicedAt: (ms) => asks(ms) || (ms >= 800 && ms < 1000),
    finalAtMs: 400,
    events: ['paused', 'resumed', 'reply_ended'],
    replies: ['It is a quarter past two in the afternoon.', NEXT],
  },
  'prompts to an idle caller': {
    options: {
      settings: settings({ idle: { afterMs: 200, prompts: ['Are you there?'], farewell: 'Good bye.' } }),
      llm: { replies: [NEXT] },
      tts: tts(),
    },
    voicedAt: (ms) => ms >= 100 && ms < 200,
    events: ['prompt_ended', 'hang_up_requested'],
    texts: ['Are you there?', 'Good bye.', NEXT],
    replies: ['Are you there?', 'Good bye.', NEXT],
  },
  'what a model says by itself': {
    ...realtime([{ text: REPLY.join(' '), audioMs: 900 }]),
    events: ['reply_ended'],
    replies: [REPLY.join(' '), NEXT],
  },
  'tones in what a model says by itself': {
    ...realtime([
      {
        text: 'Now.',
        audioMs: 200,
        toolCalls: [{ id: 'c1', name: 'press_keys', arguments: '{"keys":"1234"}' }],
      },
      { text: 'Done.', audioMs: 200 },
    ]),
    events: ['tool_called', 'reply_ended'],
    replies: ['Now.', 'Done.', NEXT],
  },
}

export const NEXT_REPLY = NEXT
