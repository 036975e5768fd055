import { type SttProvider } from '@kav/core'
import {
  createCallTelemetry,
  createFrameClock,
  createVadTap,
  startCallSession,
  type CallEvent,
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
import { onTestFinished } from 'vitest'
import plugin, { type AzureSttParams } from '../src/index.ts'
import { numberedFrame, type SpeechServer } from '../src/testing/index.ts'
import { KEY } from './open-for-test.ts'

const SILENCE = new Uint8Array(160).fill(0xff)
/** What the wire gets of real time for every 20 ms of the call. */
const WIRE_MS = 1

/**
 * A whole call of the core with this plugin as its recogniser: the core's time is a fake clock, the wire to the
 * server is real. The caller speaks numbered frames.
 */
export function startAzureCall(params: Partial<AzureSttParams>) {
  const time = createFakeClock()
  const { clock } = time
  const context = testContext({ clock })
  const provider: SttProvider = plugin.create({ language: 'he-IL', key: KEY, ...params }, context)
  const events: CallEvent[] = []
  const instanceOf = testInstances(context)
  const far = createFakeCall({ clock, id: 'CA1' })
  const frameClock = createFrameClock(clock)
  const session = startCallSession({
    call: far.call,
    settings: {
      pipeline: 'azure',
      rxQueue: { maxFrames: 200, catchupRate: 4, resyncMs: 40 },
      txQueue: { maxFrames: 144, leadMs: 120, sendMaxFrames: 144 },
      stt: { batchMs: 40, partialDebounceMs: 90, timeoutMs: 320, vadHangoverMs: 180 },
      conversation: {
        greeting: '',
        systemPrompt: '',
        language: 'he-IL',
        hints: [],
        bargeIn: {
          mode: 'speech',
          minSpeechMs: 200,
          duckDb: 0,
          quieterDb: 0,
          echo: 'off',
          minWords: 2,
          falseStartMs: 700,
          greeting: true,
        },
        turns: {
          by: 'rules',
          sttWaitMs: 2500,
          adaptive: false,
          sureWaitMs: 0,
          unfinishedWaitMs: 1200,
          numberWaitMs: 900,
          patienceMs: 2000,
          preemptive: false,
          noiseAfterMs: 5000,
        },
        unclear: { minConfidence: 0, line: '' },
        idle: { afterMs: 0, prompts: [], farewell: '' },
        dtmf: { interrupts: true, terminator: '#', interDigitMs: 2000, maxDigits: 32 },
        tools: { fillerAfterMs: 1200, fillerTexts: [], maxRounds: 5 },
        speechText: { replacements: {}, urls: 'domain', spokenForm: 'off' },
        fallbackLine: 'again',
        transferFailedLine: 'again',
        maxReplyChars: 10_000,
        historyMaxTokens: 32_000,
        firstTokenTimeoutMs: 3000,
        firstAudioTimeoutMs: 3000,
        maxCallMs: 3_600_000,
      },
    },
    stages: {
      stt: [instanceOf('stt', 'azure-stt', provider)],
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
    context,
    events,
    /** The caller speaks the next numbered frames. */
    speak: (ms: number) => pass(ms, () => numberedFrame(spoken++)),
    /** The line is open and quiet. */
    silence: (ms: number) => pass(ms, () => SILENCE),
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
  }
}

/** Numbered frames in the order the server heard them, over all its connections. */
export const framesHeard = (server: SpeechServer): number[] =>
  server.connections.flatMap((connection) => connection.turns.flatMap((turn) => turn.frames))
