import { ProviderError, type SttSessionOptions } from '../../src/index.ts'
import { createFakeStt, sttContract, type SttContractOptions } from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import type { Breaks } from './promise-table.ts'
import { breaksFarEnds, breaksFinish } from './stt-end-faults.ts'
import { breaksEvents, breaksTurns } from './stt-event-faults.ts'
import { breaksFormats } from './stt-format-faults.ts'
import { expectFailure } from './suite-failures.ts'
import { clock, fails, wholeSttOptions } from './whole-stt.ts'
import { hearWords, withSession } from './word-recogniser.ts'

/** Faults of what is passed on, and of what a fault is called. */
function breaksTelling(breaks: Breaks<'stt'>): void {
  const opening = (change: (options: SttSessionOptions) => object): SttContractOptions =>
    wholeSttOptions((provider) => ({
      ...provider,
      openSession: (given) => provider.openSession({ ...given, ...change(given) }),
    }))
  const asking = (change: object): SttContractOptions =>
    wholeSttOptions((provider) => ({
      ...provider,
      recognize: (audio, given) => provider.recognize!(audio, { ...given, ...change }),
    }))
  const asked = 'what recognize is told'
  breaks('hints', 'hints that recognize ignores', () =>
    expectFailure(sttContract(asking({ hints: [] })), asked, /did not: Quillfeather/),
  )
  breaks('language', 'a language that recognize ignores', () =>
    expectFailure(sttContract(asking({ language: undefined })), asked, /the language de-DE to reach the far/),
  )
  breaks('region', 'a region that is ignored', () =>
    expectFailure(
      sttContract(opening(() => ({ region: 'us' }))),
      'a session is opened in its region',
      /a session of region eu to be opened there; it was opened at "us.speech.example"/,
    ),
  )
  breaks('formats', 'a format that is listed and not taken', () =>
    fails(
      (provider) => ({
        ...provider,
        accepts: [...provider.accepts, { encoding: 'linear16', sampleRateHz: 48_000 }],
        async openSession(options) {
          if (options.format.sampleRateHz === 48_000) throw new ProviderError('bad-request', 'no such rate')
          return provider.openSession(options)
        },
      }),
      'a session opens in every format',
      /openSession to resolve in linear16\/48000, which "accepts" lists; it threw ProviderError: no such rate/,
    ),
  )
  breaks('any-size', 'an empty piece that ends the session', () =>
    fails(
      withSession((session) => ({
        write: (audio) => (audio.byteLength === 0 ? session.finish() : session.write(audio)),
      })),
      'writes of any size',
      /finals that match/,
    ),
  )
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
  breaksFormats(breaks)
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
