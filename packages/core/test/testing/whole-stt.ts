import {
  type AudioFormat,
  decodeMulaw,
  encodeMulaw,
  MULAW_8K,
  ProviderError,
  type SttEvent,
  type SttProvider,
  type SttSession,
  type SttSessionOptions,
} from '../../src/index.ts'
import {
  createFakeStt,
  createRealClock,
  type ReceivedOptions,
  sttContract,
  type SttContractOptions,
} from '../../src/testing/index.ts'
import { SECRET } from './host-faults.ts'
import { expectFailure } from './suite-failures.ts'
import { SPEECH, sttOptions, withSession } from './word-recogniser.ts'

export type Change = (provider: SttProvider) => SttProvider

export const clock = createRealClock()
export const same: Change = (provider) => provider

/** A recogniser whose far end breaks the connection in the middle. */
const cut = () =>
  createFakeStt({ clock, diesAtMs: 400, error: new ProviderError('network', 'the connection broke') })
    .provider

const LINEAR_8K: AudioFormat = { encoding: 'linear16', sampleRateHz: 8000 }

const linearOf = (mulaw: Uint8Array) => new Uint8Array(decodeMulaw(mulaw).buffer)
const mulawOf = (linear: Uint8Array) => encodeMulaw(new Int16Array(new Uint8Array(linear).buffer))

/** A session that is told that linear audio comes. */
const hearsLinear = (session: SttSession): SttSession => ({
  ...session,
  write: (audio) => session.write(mulawOf(audio)),
})

/** Options of the suite with every way to make a provider, `change` done to each. */
export function wholeSttOptions(change: Change = same): SttContractOptions {
  let received: ReceivedOptions = { hints: [] }
  const note = ({ hints, language, region, format }: SttSessionOptions, of: 'session' | 'request') => {
    received = { hints, language, region: region && `${region}.speech.example`, format, of }
  }
  // At the far end: behind what `change` does.
  const noting: Change = (inner) => ({
    ...inner,
    accepts: [MULAW_8K, LINEAR_8K],
    regions: ['eu', 'us'],
    async openSession(options) {
      note(options, 'session')
      const session = await inner.openSession(options)
      return options.format.encoding === 'linear16' ? hearsLinear(session) : session
    },
    recognize(audio, options) {
      note(options, 'request')
      return inner.recognize!(audio, options)
    },
  })
  const base = sttOptions((provider) => change(noting(provider)))
  return {
    ...base,
    createStalled: (_context, place) =>
      change(
        createFakeStt({
          clock,
          ...(place === 'at-once' && { opening: { afterMs: Number.POSITIVE_INFINITY } }),
          finishMs: 1e9,
        }).provider,
      ),
    createCut: () => change(cut()),
    failingClass: 'auth',
    secrets: [SECRET],
    speechIn: (format) => (format.encoding === 'linear16' ? linearOf(SPEECH) : SPEECH),
    received: async () => {
      const mulaw = await base.received!()
      return received.format?.encoding === 'linear16' ? linearOf(mulaw) : mulaw
    },
    receivedOptions: () => received,
  }
}

/** The session's events, each changed. */
export const eachEvent = (change: (event: SttEvent) => readonly SttEvent[]) =>
  withSession((session) => ({
    events: (async function* () {
      for await (const event of session.events) yield* change(event)
    })(),
  }))

export const behindFinal = (...more: readonly SttEvent[]) =>
  eachEvent((event) => (event.type === 'final' ? [event, ...more] : [event]))

export const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(sttContract(wholeSttOptions(change)), caseName, message)
