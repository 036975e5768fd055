import {
  MULAW_8K,
  MULAW_SILENCE,
  ProviderError,
  type LlmTool,
  type RealtimeProvider,
  type RealtimeSessionOptions,
} from '../../src/index.ts'
import {
  createFakeRealtime,
  createRealClock,
  fakeSpeech,
  type FakeRealtimeSession,
  type RealtimeContractOptions,
  type ReceivedOptions,
} from '../../src/testing/index.ts'
import { SECRET } from './host-faults.ts'
import { QUICK } from './suite-failures.ts'

const SILENCE_MS = 500

/** Half a second of a caller, and the silence that ends the turn. */
export const TURN = Buffer.concat([
  fakeSpeech('hello there', MULAW_8K),
  Buffer.alloc(8 * (SILENCE_MS + 100), MULAW_SILENCE),
])

export const TOOL: LlmTool = { name: 'weather', description: 'Weather.', parameters: { type: 'object' } }

/** A model that keeps the whole contract: it hears a turn where voice is followed by silence, and answers it. */
export function createToyTalker(
  options: { readonly detectsTurns?: boolean; readonly speed?: number; readonly opensAfterMs?: number } = {},
) {
  const received: Buffer[] = []
  let latest: FakeRealtimeSession | undefined
  let latestOptions: RealtimeSessionOptions | undefined
  const fake = createFakeRealtime({
    clock: createRealClock(),
    detectsTurns: options.detectsTurns ?? true,
    speed: options.speed ?? 50,
    opening: Array.from({ length: 10 }, () => ({ afterMs: options.opensAfterMs ?? 2 })),
    chunkMs: 40,
  })
  const provider: RealtimeProvider = {
    ...fake.provider,
    async openSession(sessionOptions) {
      const session = await fake.provider.openSession(sessionOptions)
      const seen = fake.sessions.find(({ options: given }) => given === sessionOptions)!
      latest = seen
      latestOptions = sessionOptions
      const heard: Buffer[] = []
      received.length = 0
      let voiced = false
      let silentBytes = 0

      function hear(): void {
        const isOffered = sessionOptions.tools.some(({ name }) => name === TOOL.name)
        const call = isOffered && seen.toolResults.length === 0
        seen.answer(
          'hello there',
          call
            ? { toolCalls: [{ id: 'c1', name: 'weather', arguments: '{}' }] }
            : { text: 'You are welcome.' },
        )
      }
      return {
        ...session,
        write(audio) {
          session.write(audio)
          received.push(Buffer.from(audio))
          heard.push(Buffer.from(audio))
          for (const byte of audio) {
            if (byte !== MULAW_SILENCE) {
              if (!voiced) seen.speechStarted()
              voiced = true
              silentBytes = 0
            } else if (voiced && ++silentBytes === SILENCE_MS * 8) {
              voiced = false
              seen.speechStopped(undefined, SILENCE_MS)
              if (options.detectsTurns !== false) hear()
            }
          }
        },
        endTurn: hear,
      }
    },
  }
  return {
    provider,
    received: () => Buffer.concat(received),
    entered() {
      const { history, tools } = latestOptions!
      return [...latest!.entered, ...latest!.noted, JSON.stringify({ history, tools })].join('\n')
    },
    heardMs: () => latest!.interrupts.at(-1)?.heard?.heardMs,
    receivedOptions(): ReceivedOptions {
      const { instructions, language, hints } = latestOptions!
      return { instructions, hints, ...(language !== undefined && { language }) }
    },
  }
}

/** How fast a model speaks that says nothing more after its first chunk. */
const STANDSTILL = 1e-6

/** The same model, each of whose replies is cut in the middle. */
const losesReplies = (provider: RealtimeProvider): RealtimeProvider => ({
  ...provider,
  async openSession(options) {
    const session = await provider.openSession(options)
    return {
      ...session,
      events: (async function* () {
        for await (const event of session.events)
          yield event.type === 'reply-ended' ? { ...event, reason: 'lost' as const } : event
      })(),
    }
  },
})

/** The same model, whose connection is cut in the first reply, and what it does about that. */
export const losesReply = (
  provider: RealtimeProvider,
  then: 'goes-on' | 'forgets' | 'dies',
): RealtimeProvider => ({
  ...provider,
  async openSession(options) {
    const session = await provider.openSession(options)
    let isFirst = true
    return {
      ...session,
      events: (async function* () {
        for await (const event of session.events) {
          if (!isFirst || event.type !== 'reply-ended') {
            yield event
            continue
          }
          isFirst = false
          yield { ...event, reason: 'lost' as const }
          if (then === 'dies') throw new ProviderError('network', 'toy: cut')
          yield { type: 'reconnected' as const, reason: 'fault' as const, tookMs: 1 }
          if (then === 'goes-on') session.say('You are welcome.')
        }
      })(),
    }
  },
})

/** Options of the suite, with `change` done to every provider. */
export function realtimeOptions(
  change: (provider: RealtimeProvider) => RealtimeProvider = (provider) => provider,
  talker: { detectsTurns?: boolean } = {},
): RealtimeContractOptions {
  let latest: ReturnType<typeof createToyTalker> | undefined
  return {
    ...QUICK,
    create() {
      latest = createToyTalker(talker)
      return change(latest.provider)
    },
    createStalled: (_context, place) =>
      change(
        createToyTalker(
          place === 'at-once' ? { opensAfterMs: Number.POSITIVE_INFINITY } : { ...talker, speed: STANDSTILL },
        ).provider,
      ),
    createCut: () => change(losesReplies(createToyTalker(talker).provider)),
    createCutOnce: () => change(losesReply(createToyTalker(talker).provider, 'goes-on')),
    createFailing: () =>
      createFakeRealtime({
        clock: createRealClock(),
        opening: [{ error: new ProviderError('auth', 'toy: wrong key') }],
      }).provider,
    format: MULAW_8K,
    speech: TURN,
    expected: /hello there/,
    received: () => latest!.received(),
    receivedText: () => latest!.entered(),
    receivedHeardMs: () => latest!.heardMs(),
    receivedOptions: () => latest!.receivedOptions(),
    failingClass: 'auth',
    secrets: [SECRET],
    tool: { tool: TOOL, result: 'sunny', expected: /sunny/ },
  }
}
