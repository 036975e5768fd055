import { type SttProvider } from '@kav/core'
import {
  createCallTelemetry,
  createFrameClock,
  createPluginLoader,
  createVadTap,
  loadPipeline,
  startCallSession,
  toCallSettings,
  type CallEvent,
  type CallSettings,
} from '@kav/core/host'
import {
  createFakeCall,
  createFakeClock,
  createFakeLlm,
  createFakeTts,
  createFakeVad,
  testContext,
  testInstances,
} from '@kav/core/testing'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import plugin, { type GoogleSttParams } from '../src/index.ts'
import { numberedFrame, type SpeechServer } from '../src/testing/index.ts'

const SILENCE = new Uint8Array(160).fill(0xff)
/** What the wire gets of real time for every 20 ms of the call. */
const WIRE_MS = 1

/** The settings of pipelines/google-he.yaml: the numbers such calls run with. */
async function readSettings(): Promise<CallSettings> {
  const loaded = await loadPipeline(
    fileURLToPath(new URL('../../../pipelines/google-he.yaml', import.meta.url)),
    {
      env: {
        TWILIO_ACCOUNT_SID: 'AC1',
        TWILIO_AUTH_TOKEN: 't',
        PUBLIC_URL: 'https://x',
        OPENAI_API_KEY: 'k',
      },
      loader: createPluginLoader({
        importModule: (specifier) => import(specifier) as Promise<unknown>,
        known: [],
      }),
    },
  )
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => problem.message).join('; '))
  const settings = toCallSettings(loaded.pipeline.config)
  return { ...settings, conversation: { ...settings.conversation, greeting: '' } }
}

const settings = await readSettings()

/**
 * A whole call of the core with this plugin as its recogniser: the core's time is a fake clock, the wire to the
 * server is real. The caller speaks numbered frames.
 */
export function startGoogleCall(params: Partial<GoogleSttParams>) {
  const time = createFakeClock()
  const { clock } = time
  const context = testContext({ clock })
  const provider: SttProvider = plugin.create({ language: 'he-IL', ...params }, context)
  const events: CallEvent[] = []
  const instanceOf = testInstances(context)
  const far = createFakeCall({ clock, id: 'CA1' })
  const frameClock = createFrameClock(clock)
  const session = startCallSession({
    call: far.call,
    settings,
    stages: {
      stt: [instanceOf('stt', 'google-stt', provider)],
      llm: [instanceOf('llm', 'fake', createFakeLlm({ clock, replies: ['yes'] }).provider)],
      tts: [instanceOf('tts', 'fake', createFakeTts({ clock }).provider)],
      vad: createVadTap(createFakeVad().provider, frameClock, clock),
    },
    clock,
    frameClock,
    telemetry: createCallTelemetry({
      log: context.log,
      metrics: context.metrics,
      clock,
      onEvent: (event) => events.push(event),
    }),
    taps: [],
  })
  let spoken = 0
  onTestFinished(() => provider.close())

  async function pass(ms: number, frame?: () => Uint8Array): Promise<void> {
    for (let at = 0; at < ms; at += 20) {
      if (frame !== undefined) far.media(frame())
      await time.advance(20)
      await new Promise((resolve) => setTimeout(resolve, WIRE_MS))
    }
  }

  return {
    provider,
    context,
    events,
    /** The caller speaks the next numbered frames. */
    speak: (ms: number) => pass(ms, () => numberedFrame(spoken++)),
    /** The line is open and quiet. */
    silence: (ms: number) => pass(ms, () => SILENCE),
    /** Nothing arrives at all. */
    stall: (ms: number) => pass(ms),
    /** The caller hangs up; resolves when everything is closed. */
    async end(): Promise<void> {
      far.hangUp()
      let over = false
      void session.done.then(() => (over = true))
      while (!over) await pass(20)
    },
    of: (name: string) => events.filter((event) => event.event === name),
    /** Every word of every final, in order. */
    words: () =>
      events.flatMap((event) => (event.event === 'final' ? String(event.private.text).split(' ') : [])),
    get framesSpoken() {
      return spoken
    },
  }
}

/** `w0` to the last frame spoken: what a transcript is when every frame was heard exactly once. */
export const everyWord = (frames: number): string[] =>
  Array.from({ length: frames }, (_, index) => `w${index}`)

/** Numbered frames in the order the server heard them, over all its streams. */
export const framesHeard = (server: SpeechServer): number[] =>
  server.streams.flatMap((stream) => stream.frames)
