import { ProviderError, type SttProvider } from '../../src/index.ts'
import { createFakeStt, sttContract, type SttContractOptions } from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import type { Breaks } from './promise-table.ts'
import { breaksFarEnds, breaksFinish } from './stt-end-faults.ts'
import { breaksEvents, breaksTurns } from './stt-event-faults.ts'
import { expectFailure } from './suite-failures.ts'
import { clock, fails, wholeSttOptions } from './whole-stt.ts'
import { hearWords } from './word-recogniser.ts'

/** Faults of what is passed on, and of what a fault is called. */
function breaksTelling(breaks: Breaks<'stt'>): void {
  const opening = (
    change: (options: Parameters<SttProvider['openSession']>[0]) => object,
  ): SttContractOptions => {
    const options = wholeSttOptions()
    return {
      ...options,
      create(context) {
        const provider = options.create(context) as SttProvider
        return { ...provider, openSession: (given) => provider.openSession({ ...given, ...change(given) }) }
      },
    }
  }
  breaks('hints', 'hints that are ignored', () =>
    expectFailure(
      sttContract(opening(() => ({ hints: [] }))),
      'the phrases that are expected',
      /did not: Quillfeather/,
    ),
  )
  breaks('language', 'a language that is ignored', () =>
    expectFailure(
      sttContract(opening(() => ({ language: 'en-US' }))),
      'the language of the session',
      /the language de-DE to reach the far side; it got "en-US"/,
    ),
  )
  breaks('hints', 'hints that are not there at all', () =>
    expectFailure(
      sttContract({ ...wholeSttOptions(), receivedOptions: () => ({ hints: undefined }) }),
      'the phrases that are expected',
      /did not: Quillfeather, zebra crossing/,
    ),
  )
  breaks('language', 'a language of the first session that holds for all', () => {
    let first: string | undefined
    return expectFailure(
      sttContract(opening(({ language = 'en-US' }) => ({ language: (first ??= language) }))),
      'the language of the session',
      /the language de-DE to reach/,
    )
  })
  breaks('language', 'a language that is not there at all', () =>
    expectFailure(
      sttContract({ ...wholeSttOptions(), receivedOptions: () => ({ language: undefined }) }),
      'the language of the session',
      /the language de-DE to reach the far side; it got none/,
    ),
  )
  breaks('silence', 'zero bytes as silence', () => {
    const options = wholeSttOptions()
    const padded = {
      ...options,
      received: async () => Buffer.concat([await options.received!(), Buffer.alloc(160)]),
    }
    return expectFailure(
      sttContract(padded),
      'silence that is added',
      /silence in mulaw to be 0xff; what the far side/,
    )
  })
  breaks('recognize', 'a recognize that hears nothing', () =>
    fails(
      (provider) => ({ ...provider, recognize: async () => '' }),
      'recognize, where there is one',
      /it gave ""/,
    ),
  )
  const failing = (error: Error): SttContractOptions => ({
    ...wholeSttOptions(),
    createFailing: () => createFakeStt({ clock, opening: { error }, recognize: hearWords }).provider,
  })
  breaks('fault-class', 'a refused key that is told as a network fault', () =>
    expectFailure(
      sttContract(failing(new ProviderError('network', 'HTTP 401'))),
      'a fault is of the class',
      /a fault of class "auth"; it is "network": HTTP 401/,
    ),
  )
  breaks('secrets', 'a key in an error', () =>
    expectFailure(
      sttContract(failing(new ProviderError('auth', 'refused', { details: { key: SECRET } }))),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
}

export function breaksStt(breaks: Breaks<'stt'>): void {
  breaksEvents(breaks)
  breaksTurns(breaks)
  breaksFinish(breaks)
  breaksFarEnds(breaks)
  breaksTelling(breaks)
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) => {
    const options = wholeSttOptions()
    return sttContract({
      ...options,
      create(context) {
        atCreate(context)
        return options.create(context)
      },
    })
  }
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'weasels have eaten')
}
