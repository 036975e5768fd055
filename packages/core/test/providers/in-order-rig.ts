import { type LlmEvent, MULAW_8K, ProviderError } from '../../src/index.ts'
import { type CallEvent, createCallTelemetry } from '../../src/host.ts'
import { createLlmInOrder, type ProviderInstance } from '../../src/providers/index.ts'
import { asWritten } from '../../src/language/spoken-form/rules/spoken-text.ts'
import { createVoiceSource } from '../../src/pipeline/replying/voice-source.ts'
import {
  createFakeClock,
  createFakeLlm,
  createFakeTts,
  createTestLogger,
  createTestMetrics,
  testInstances,
} from '../../src/testing/index.ts'

/** How a provider behaves. Those before `fails later` do not begin. */
export const WAYS = [
  'fails',
  'throws',
  'hangs',
  'says nothing',
  'fails later',
  'hangs later',
  'works',
] as const
export type Way = (typeof WAYS)[number]
export const BEGINS: ReadonlySet<Way> = new Set(['fails later', 'hangs later', 'works'])

export const LIMIT_MS = 3000
const NETWORK = new ProviderError('network', 'the line broke')

const LLM_WAYS = {
  fails: { error: NETWORK },
  throws: { error: NETWORK, throwsSynchronously: true },
  hangs: { stalls: true },
  'says nothing': { ends: false },
  'fails later': { text: 'begun', error: NETWORK },
  'hangs later': { text: 'begun', stalls: true },
  works: { text: 'begun whole' },
} as const

const VOICE_WAYS = {
  fails: { error: NETWORK, errorAfterBytes: 0 },
  throws: { error: NETWORK, throwsSynchronously: true },
  hangs: { stallsAfterBytes: 0 },
  // A WAV header and no audio.
  'says nothing': { msPerCharacter: 0 },
  'fails later': { error: NETWORK, errorAfterBytes: 1600 },
  'hangs later': { stallsAfterBytes: 1600 },
  works: {},
} as const

export interface Outcome {
  /** Whether anything was given. */
  readonly begun: boolean
  /** To its end. */
  readonly whole: boolean
  readonly error: unknown
  readonly firstMs: number | undefined
  readonly tookMs: number
}

/** Providers in their order, on fakes: `ways()` says how each behaves now. Requests come from calls that share them. */
export function inOrderRig(kind: 'llm' | 'tts', count: number, ways: () => readonly Way[]) {
  const time = createFakeClock()
  const { clock } = time
  const host = { clock, log: createTestLogger(), metrics: createTestMetrics() }
  const instanceOf = testInstances(host)
  const events: CallEvent[] = []
  const index = Array.from({ length: count }, (_, at) => at)
  /** Requests that threw at once: they have no iteration to end. */
  const thrown = index.map(() => 0)
  const wayOf = (at: number): Way => {
    const way = ways()[at]!
    if (way === 'throws') thrown[at]!++
    return way
  }
  const llms = index.map((at) => createFakeLlm({ clock, replies: () => LLM_WAYS[wayOf(at)] }))
  const voices = index.map((at) => createFakeTts({ clock, voice: () => VOICE_WAYS[wayOf(at)] }))
  const models = llms.map(({ provider }, at) => instanceOf('llm', `p${at}`, provider))
  const speakers = voices.map(({ provider }, at) => instanceOf('tts', `p${at}`, provider))
  const instances: readonly ProviderInstance<unknown>[] = kind === 'llm' ? models : speakers
  const requests = (at: number) => (kind === 'llm' ? llms : voices)[at]!.requests

  /** A call of its own. */
  function openCall() {
    const telemetry = createCallTelemetry({ ...host, onEvent: (event) => events.push(event) })
    const llm = createLlmInOrder(models, {
      clock,
      firstTokenTimeoutMs: LIMIT_MS,
      onFallback: (fallback) => telemetry.llmFellBack(fallback),
      onPassedOver: (by) => telemetry.providerPassedOver('llm', by),
      onWithheld: (withheld) => telemetry.llmTextWithheld(withheld),
      onUsage: (plugin, usage) => telemetry.usage.thought('llm', plugin, usage),
      watch: (turn) => telemetry.requests.watch('llm', turn),
    })
    const voice = createVoiceSource({
      voices: () => speakers,
      callId: 'CA1',
      format: MULAW_8K,
      language: () => undefined,
      pronouncer: { forVoice: asWritten },
      firstAudioTimeoutMs: LIMIT_MS,
      clock,
      telemetry,
    })
    const request = { callId: 'CA1', messages: [], tools: [] }

    async function ask(signal = new AbortController().signal): Promise<Outcome> {
      const startedMs = clock.nowMs()
      const sofar = () => clock.nowMs() - startedMs
      let firstMs: number | undefined
      let whole = false
      let error: unknown
      try {
        const answer: AsyncIterable<LlmEvent | Uint8Array> =
          kind === 'llm'
            ? llm.reply(request, signal)
            : voice.speak('one clause that is said aloud', { signal })
        for await (const item of answer) {
          firstMs ??= sofar()
          if ('type' in item && item.type === 'end') {
            whole = true
            break
          }
        }
        whole ||= kind === 'tts' && firstMs !== undefined
      } catch (thrown) {
        error = thrown
      }
      return { begun: firstMs !== undefined, whole, error, firstMs, tookMs: sofar() }
    }
    return { ask }
  }

  /** Runs what waits for time to pass. */
  async function during<T>(work: Promise<T>): Promise<T> {
    let over = false
    void work.finally(() => (over = true)).catch(() => undefined)
    for (let at = 0; at < 100 && !over; at++) await time.advance(500)
    return work
  }

  return {
    time,
    metrics: host.metrics,
    events,
    instances,
    requests,
    openCall,
    during,
    /** Nothing is left of any request: no timer, no iteration, and nothing running at a provider. */
    leftovers: () =>
      [
        time.pending() > 0 && `${time.pending()} timers`,
        ...index.map((at) => {
          const open = requests(at).filter(({ endedAtMs }) => endedAtMs === undefined).length - thrown[at]!
          return open > 0 && `${open} requests of p${at}`
        }),
      ].filter(Boolean),
  }
}
