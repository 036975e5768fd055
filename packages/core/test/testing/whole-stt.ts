import { ProviderError, type SttEvent, type SttProvider, type SttSessionOptions } from '../../src/index.ts'
import {
  createFakeStt,
  createRealClock,
  type ReceivedOptions,
  sttContract,
  type SttContractOptions,
} from '../../src/testing/index.ts'
import { SECRET } from './host-faults.ts'
import { expectFailure } from './suite-failures.ts'
import { sttOptions, withSession } from './word-recogniser.ts'

export type Change = (provider: SttProvider) => SttProvider

export const clock = createRealClock()
export const same: Change = (provider) => provider

/** A recogniser whose far end breaks the connection in the middle. */
const cut = () =>
  createFakeStt({ clock, diesAtMs: 400, error: new ProviderError('network', 'the connection broke') })
    .provider

/** Options of the suite with every way to make a provider, `change` done to each. */
export function wholeSttOptions(change: Change = same): SttContractOptions {
  let received: ReceivedOptions = { hints: [] }
  const note = ({ hints, language, region }: SttSessionOptions) => {
    received = { hints, language, region: region && `${region}.speech.example` }
  }
  // At the far end: behind what `change` does.
  const noting: Change = (inner) => ({
    ...inner,
    regions: ['eu', 'us'],
    openSession(options) {
      note(options)
      return inner.openSession(options)
    },
    recognize(audio, options) {
      note(options)
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
