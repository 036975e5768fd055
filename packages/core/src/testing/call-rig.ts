import { type Clock, type Logger, type Metrics, type TurnProvider } from '../index.ts'
import {
  type Background,
  createCallTelemetry,
  createFrameClock,
  createProviderPool,
  createTurnTap,
  createVadTap,
  startCallSession,
  type CallEvent,
  type CallSession,
  type CallSettings,
  type CallTap,
  type RecordedLine,
  type RecordedLines,
  type Redaction,
  type ToolKit,
} from '../host.ts'
import { createFakeClock } from './fake-clock.ts'
import { createFakeCall, type FakeCallOptions } from './fakes/fake-call.ts'
import { createFakeLlm, type FakeLlmScript, type FakeLlm } from './fakes/fake-llm.ts'
import { createFakeRealtime, type FakeRealtimeScript, type FakeRealtime } from './fakes/fake-realtime.ts'
import { createFakeStt, type FakeSttScript, type FakeStt } from './fakes/fake-stt.ts'
import { createFakeTts, type FakeTtsOptions, type FakeTts } from './fakes/fake-tts.ts'
import { createFakeVad } from './fakes/fake-vad.ts'
import { testStages } from './test-instances.ts'
import { createTestLogger } from './test-logger.ts'
import { createTestMetrics } from './test-metrics.ts'

/** A whole call on fakes and a fake clock: the caller is a script of voice and silence. */
export interface CallRigOptions {
  readonly settings?: DeepPartial<CallSettings>
  readonly stt?: Partial<FakeSttScript>
  readonly fallbackStt?: Partial<FakeSttScript>
  readonly llm?: Partial<FakeLlmScript>
  readonly fallbackLlm?: Partial<FakeLlmScript>
  readonly tts?: Partial<FakeTtsOptions>
  readonly fallbackTts?: Partial<FakeTtsOptions>
  /** In place of stt, llm and tts. */
  readonly realtime?: Partial<FakeRealtimeScript>
  readonly call?: Partial<FakeCallOptions>
  readonly vad?: boolean
  /** A detector of turn ends. */
  readonly turn?: TurnProvider
  readonly taps?: readonly CallTap[]
  /** The pipeline's tools, made on the rig's clock. */
  readonly tools?: (on: { clock: Clock; metrics: Metrics }) => ToolKit
  /** What is played when no voice works. */
  readonly recordedLines?: RecordedLines
  /** What is played while an answer is late. */
  readonly thinkingSound?: RecordedLine
  /** What is heard under the agent's voice and in its silence. */
  readonly background?: Background
  /** Languages the call may be switched to, heard and spoken by the same fakes. */
  readonly languages?: readonly string[]
  /** Providers that are down are probed, as by a server; without it, one request of the call tries each that is due. */
  readonly probes?: boolean
  /** What is taken out of what the call tells of itself. Absent: nothing. */
  readonly redaction?: Redaction
}

type DeepPartial<T> = { [K in keyof T]?: T[K] extends object ? DeepPartial<T[K]> : T[K] }

export const RIG_SETTINGS: CallSettings = {
  pipeline: 'rig',
  rxQueue: { maxFrames: 200, catchupRate: 4, resyncMs: 40 },
  txQueue: { maxFrames: 144, leadMs: 120, sendMaxFrames: 144 },
  stt: { batchMs: 40, partialDebounceMs: 90, timeoutMs: 320, vadHangoverMs: 180 },
  conversation: {
    greeting: 'Hello there.',
    systemPrompt: 'You answer.',
    language: 'en-US',
    hints: [],
    bargeIn: {
      mode: 'speech',
      duckDb: 0,
      quieterDb: 0,
      echo: 'auto',
      minSpeechMs: 200,
      minWords: 2,
      falseStartMs: 700,
      greeting: true,
    },
    turns: {
      by: 'rules',
      sttWaitMs: 2500,
      adaptive: true,
      sureWaitMs: 120,
      unfinishedWaitMs: 1200,
      numberWaitMs: 900,
      // The waits of a rig are those that its tests name.
      patienceMs: 0,
      preemptive: true,
      noiseAfterMs: 5000,
    },
    unclear: { minConfidence: 0.3, line: 'What did you say?' },
    idle: { afterMs: 0, prompts: [], farewell: '' },
    dtmf: { interrupts: true, terminator: '#', interDigitMs: 2000, maxDigits: 32 },
    tools: { fillerAfterMs: 1200, fillerTexts: [], maxRounds: 5 },
    speechText: { replacements: {}, urls: 'domain', spokenForm: 'auto' },
    fallbackLine: 'Sorry, say that again.',
    transferFailedLine: 'That did not work.',
    maxReplyChars: 10_000,
    historyMaxTokens: 32_000,
    firstTokenTimeoutMs: 3000,
    firstAudioTimeoutMs: 3000,
    maxCallMs: 3_600_000,
  },
}

/** One caller frame: its number in the first bytes, in codes too quiet to be voice. */
export function callerFrame(index: number, voiced: boolean): Uint8Array {
  const frame = new Uint8Array(160).fill(0xff)
  if (voiced) for (let i = 5; i < 160; i++) frame[i] = i % 2 === 0 ? 0x10 : 0x90
  for (let nibble = 0; nibble < 5; nibble++) frame[nibble] = 0xf0 | ((index >> (4 * nibble)) & 0xf)
  return frame
}

export function frameIndex(frame: Uint8Array): number {
  let index = 0
  for (let nibble = 0; nibble < 5; nibble++) index |= (frame[nibble]! & 0xf) << (4 * nibble)
  return index
}

/** The numbers of the frames in a stretch of audio. */
export function frameIndexes(audio: Uint8Array): number[] {
  return Array.from({ length: Math.floor(audio.length / 160) }, (_, i) => frameIndex(audio.subarray(i * 160)))
}

/** What the calls of a process share. */
export type CallHost = ReturnType<typeof createCallHost>

export function createCallHost() {
  const time = createFakeClock()
  const frameClock = createFrameClock(time.clock)
  const vad = createFakeVad()
  return { time, frameClock, vad, tap: createVadTap(vad.provider, frameClock, time.clock) }
}

/** The rig's own settings with what a test changes. */
function rigSettings(changed: CallRigOptions['settings']): CallSettings {
  const base = RIG_SETTINGS
  return {
    ...base,
    rxQueue: { ...base.rxQueue, ...changed?.rxQueue },
    txQueue: { ...base.txQueue, ...changed?.txQueue },
    stt: { ...base.stt, ...changed?.stt },
    conversation: {
      ...base.conversation,
      ...changed?.conversation,
      bargeIn: { ...base.conversation.bargeIn, ...changed?.conversation?.bargeIn },
      turns: { ...base.conversation.turns, ...changed?.conversation?.turns },
    } as CallSettings['conversation'],
  }
}

export function createCallRig(options: CallRigOptions = {}, host: CallHost = createCallHost()) {
  const { time, frameClock, vad } = host
  const { clock } = time
  const log = createTestLogger()
  const metrics = createTestMetrics()
  const events: CallEvent[] = []
  const stt = createFakeStt({ clock, ...options.stt })
  const fallback = options.fallbackStt && createFakeStt({ clock, ...options.fallbackStt })
  const llm = createFakeLlm({ clock, replies: ['A fine answer.'], ...options.llm })
  const fallbackLlm =
    options.fallbackLlm && createFakeLlm({ clock, replies: ['A fine answer.'], ...options.fallbackLlm })
  const tts = createFakeTts({ clock, ...options.tts })
  const fallbackTts = options.fallbackTts && createFakeTts({ clock, ...options.fallbackTts })
  const realtime = options.realtime && createFakeRealtime({ clock, ...options.realtime })
  const far = createFakeCall({ clock, id: 'CA1', ...options.call })
  const settings = rigSettings(options.settings)
  const onEvent = (event: CallEvent): void => void events.push(event)
  const telemetry = createCallTelemetry({ log, metrics, clock, redaction: options.redaction, onEvent })
  const fakes = { stt, fallback, llm, fallbackLlm, tts, fallbackTts, realtime }
  const { pool, stages } = rigStages(fakes, { clock, metrics, log }, options.probes ? settings : undefined)
  let frames = 0
  let session: CallSession | undefined

  async function send(ms: number, voiced: boolean): Promise<void> {
    for (let at = 0; at < ms; at += 20) {
      far.media(callerFrame(frames++, voiced))
      await time.advance(20)
    }
  }

  return {
    time,
    clock,
    log,
    metrics,
    events,
    /** `realtime`: the speech-to-speech model, where the call has one. */
    ...fakes,
    vad,
    far,
    frameClock,
    start(): CallSession {
      session = startCallSession({
        call: far.call,
        settings,
        stages: {
          ...stages,
          vad: options.vad === false ? undefined : host.tap,
          ...(options.turn && { turn: createTurnTap(options.turn, clock, metrics) }),
          ...(options.background && { background: options.background }),
          ...(options.recordedLines && { recordedLines: options.recordedLines }),
          ...(options.thinkingSound && { thinkingSound: options.thinkingSound }),
          ...(options.tools && { tools: options.tools({ clock, metrics }) }),
          ...(options.languages && { languages: new Map(options.languages.map((tag) => [tag, {}])) }),
        },
        clock,
        frameClock,
        telemetry,
        taps: options.taps ?? [],
      })
      return session
    },
    /** The caller speaks, or is silent, for so long: frames every 20 ms. */
    speak: (ms: number) => send(ms, true),
    silence: (ms: number) => send(ms, false),
    /** One frame arrives; time stands still. */
    media: (voiced: boolean) => far.media(callerFrame(frames++, voiced)),
    /** Nothing arrives at all. */
    wait: time.advance,
    /** The caller hangs up and the call closes. */
    async end() {
      far.hangUp()
      await time.advance(12_000)
      pool?.close()
      return session!.done
    },
    names: () => events.map((event) => event.event),
    of: (name: string) => events.filter((event) => event.event === name),
    get framesSent() {
      return frames
    },
  }
}

interface RigFakes {
  readonly stt: FakeStt
  readonly fallback: FakeStt | undefined
  readonly llm: FakeLlm
  readonly fallbackLlm: FakeLlm | undefined
  readonly tts: FakeTts
  readonly fallbackTts: FakeTts | undefined
  readonly realtime: FakeRealtime | undefined
}

/** The fakes as a call's stages; with `probed` settings, from a pool that probes them as a server's does. */
function rigStages(
  fakes: RigFakes,
  parts: { clock: Clock; metrics: Metrics; log: Logger },
  probed: CallSettings | undefined,
) {
  const { realtime } = fakes
  const providers = realtime
    ? { stt: [], llm: [], tts: [], realtime: named(realtime.provider, undefined)[0]! }
    : {
        stt: named(fakes.stt.provider, fakes.fallback?.provider),
        llm: named(fakes.llm.provider, fakes.fallbackLlm?.provider),
        tts: named(fakes.tts.provider, fakes.fallbackTts?.provider),
      }
  const pool =
    probed && createProviderPool({ ...providers, languages: new Map() }, { ...parts, ...probed.conversation })
  return { pool, stages: pool?.stages ?? testStages(providers, parts) }
}

function named<Provider>(first: Provider, second: Provider | undefined) {
  return [{ name: 'fake', provider: first }, ...(second ? [{ name: 'fallback', provider: second }] : [])]
}
