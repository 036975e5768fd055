import { afterEach, describe } from 'vitest'
import { type DenoiseProvider, type DenoiseSession, ProviderError } from '../../src/index.ts'
import { createFakeDenoise, denoiseContract, type DenoiseContractOptions } from '../../src/testing/index.ts'
import { breaksHost, SECRET } from './host-faults.ts'
import { type Breaks, createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const never = () => new Promise<never>(() => {})
const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

/** Loud, and like itself at one place only. */
function speech(sampleRateHz: number): Int16Array {
  let state = 11
  return Int16Array.from({ length: sampleRateHz }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return 1000 + (state >> 18)
  }).map((sample, at) => (Math.floor(at / 3) % 2 === 0 ? sample : -sample))
}

type Change = (provider: DenoiseProvider) => DenoiseProvider

function options(change: Change = (provider) => provider, asynchronous = true): DenoiseContractOptions {
  return { ...QUICK, speech, create: () => change(createFakeDenoise({ asynchronous }).provider) }
}

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(denoiseContract(options(change)), caseName, message)

/** A filter each of whose sessions is another one. */
const withSession =
  (change: (session: DenoiseSession, sampleRateHz: number) => DenoiseSession): Change =>
  (provider) => ({
    ...provider,
    openSession: (sampleRateHz) => change(provider.openSession(sampleRateHz), sampleRateHz),
  })

/** A filter that changes what comes out of it. */
const changing = (change: (samples: Int16Array, sampleRateHz: number) => void) =>
  withSession((session, sampleRateHz) => ({
    ...session,
    async clean(samples) {
      await session.clean(samples)
      change(samples, sampleRateHz)
    },
  }))

const failing = (error: Error): DenoiseProvider => ({
  ...createFakeDenoise().provider,
  warm: () => Promise.reject(error),
  openSession: () => ({ clean: () => Promise.reject(error), close: () => undefined }),
})

const { breaks, hasNoHole } = createPromiseTable('denoise')

describe('the denoise suite passes on a good filter', () => {
  passesAll(denoiseContract({ ...options(), ...PATIENT }))
})

describe('the denoise suite passes on a filter that does its work at once', () => {
  passesAll(denoiseContract({ ...options((same) => same, false), ...PATIENT, isolated: false }))
})

describe('the denoise suite passes on a filter that cannot be loaded', () => {
  const createFailing = () => failing(new ProviderError('bad-request', 'there is no engine'))
  passesAll(denoiseContract({ ...options(), ...PATIENT, createFailing }))
})

/** Options of the suite with every way to make a provider. */
const WHOLE: DenoiseContractOptions = {
  ...options(),
  createFailing: () => failing(new ProviderError('bad-request', 'there is no engine')),
  failingClass: 'bad-request',
  secrets: [SECRET],
}

/** Faults that a provider of any kind may have. */
function breaksDenoise(breaks: Breaks<'denoise'>): void {
  const suiteFailing = (error: Error) => denoiseContract({ ...WHOLE, createFailing: () => failing(error) })
  breaks('fault-class', 'a missing file that is told as a network fault', () =>
    expectFailure(
      suiteFailing(new ProviderError('network', 'ENOENT')),
      'a fault is of the class',
      /a fault of class "bad-request"; it is "network": ENOENT/,
    ),
  )
  breaks('secrets', 'a key in an error', () =>
    expectFailure(
      suiteFailing(new ProviderError('bad-request', SECRET)),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
  breaksHost(breaks, (atCreate) =>
    denoiseContract({
      ...WHOLE,
      create(context) {
        atCreate(context)
        return createFakeDenoise().provider
      },
    }),
  )
}

const STATED = 'rates and delay are stated'
const DELAY = 'speech comes back as much later'

describe('the denoise suite notices', () => {
  breaks('stated', 'a filter that takes no rate', () =>
    fails((provider) => ({ ...provider, sampleRatesHz: [] }), STATED, /they are none/),
  )
  breaks('stated', 'a delay that looks ahead', () =>
    fails((provider) => ({ ...provider, delayMs: -5 }), STATED, /a delay of 0 to 1000 ms; it is -5/),
  )
  breaks('warm', 'a filter that warms up once only', () =>
    fails(
      (provider) => {
        let warmed = 0
        return {
          ...provider,
          async warm() {
            if (warmed++ > 0) throw new Error('already loaded')
          },
        }
      },
      'it warms up',
      /already loaded/,
    ),
  )
  breaks('delay', 'a delay that is not the one that is stated', () =>
    fails(
      (provider) => ({ ...provider, delayMs: 35 }),
      DELAY,
      /speech at 8000 Hz to come 35 ms later; it comes 20 ms later/,
    ),
  )
  breaks('delay', 'a delay in samples, another one at each rate', () =>
    fails(
      (provider) => ({ ...provider, openSession: () => provider.openSession(8000) }),
      DELAY,
      /speech at 16000 Hz to come 20 ms later; it comes 10 ms later/,
    ),
  )
  breaks('delay', 'speech that is taken for noise', () =>
    fails(
      changing((samples) => samples.fill(0)),
      DELAY,
      /later; it comes 0 ms later/,
    ),
  )
  breaks('noise', 'a filter that lets all through', () =>
    expectFailure(
      denoiseContract({ ...options(), create: () => createFakeDenoise({ noiseBelow: 0 }).provider }),
      'noise becomes quieter',
      /6 dB less noise; it is -?0.\d dB/,
    ),
  )
  breaks('silence', 'a hum of its own', () =>
    fails(
      changing((samples) => samples.forEach((_, at) => (samples[at]! += 40 * (at % 2)))),
      'silence stays silence',
      /no sound where none was; samples reach 40/,
    ),
  )
  breaks('any-sound', 'a filter that stumbles over a piece without samples', () =>
    fails(
      withSession((session) => ({
        ...session,
        clean(samples) {
          if (samples.length === 0) throw new RangeError('no frame')
          return session.clean(samples)
        },
      })),
      'any sound is taken',
      /RangeError: no frame/,
    ),
  )
  breaks('cuts', 'a filter that begins anew with each piece', () =>
    fails(
      changing((samples) => samples.fill(0, 0, 1)),
      'the same sound comes back however it is cut',
      /the same samples of one piece and of many; at 8000 Hz they are others/,
    ),
  )
  breaks('apart', 'callers who share what is inside', () => {
    return fails(
      (provider) => {
        const one = new Map<number, DenoiseSession>()
        return {
          ...provider,
          openSession(sampleRateHz) {
            const shared = one.get(sampleRateHz) ?? provider.openSession(sampleRateHz)
            one.set(sampleRateHz, shared)
            return { ...shared, close: () => undefined }
          },
        }
      },
      'callers at once are each as if',
      /to be heard as if alone; it was not/,
    )
  })
  breaks('apart', 'a caller who hears the end of the one before', () => {
    return fails(
      (provider) => {
        let before = 0
        return withSession((session) => ({
          ...session,
          async clean(samples) {
            await session.clean(samples)
            if (samples.length > 0) samples[0]! += before
            before = 30
          },
        }))(provider)
      },
      'a new caller is heard as if',
      /the same sound of the same speech; it was another/,
    )
  })
  breaks('lent', 'a piece that is written to once it was given back', () => {
    return fails(
      withSession((session) => {
        let last: Int16Array | undefined
        return {
          ...session,
          async clean(samples) {
            last?.fill(0)
            last = samples
            await session.clean(samples)
          },
        }
      }),
      'a piece is filled, and not touched later',
      /nothing to be written after clean has settled/,
    )
  })
  breaks('session-close', 'a session that closes the others', () =>
    fails(
      (provider) => {
        const open = new Set<DenoiseSession>()
        return {
          ...provider,
          openSession(sampleRateHz) {
            const session = provider.openSession(sampleRateHz)
            open.add(session)
            return { ...session, close: () => open.forEach((one) => one.close()) }
          },
        }
      },
      'a session that closes, also twice',
      /the session is closed/,
    ),
  )
  breaks('refuses', 'a session that works on once it is closed', () =>
    fails(
      withSession((session) => ({ ...session, close: () => undefined })),
      'a piece of a session that is closed',
      /clean to reject after the close of its session; it resolved/,
    ),
  )
  breaks('refuses', 'a filter that opens callers once it is closed', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession: () => ({ clean: () => undefined, close: () => undefined }),
      }),
      'a caller after the close is refused',
      /openSession to throw after the close; it opened one/,
    ),
  )
  breaks('closes', 'a piece that close leaves hanging', () =>
    fails(
      withSession((session) => ({ ...session, clean: never })),
      'close settles the piece under way',
      /the piece to settle after the close within 250 ms/,
    ),
  )
  breaks('fault', 'a piece cut off with an error of its own', () =>
    fails(
      withSession((session) => ({ ...session, clean: () => Promise.reject(new Error('worker gone')) })),
      'close settles the piece under way',
      /a piece cut off by close to reject with a ProviderError; it was Error: worker gone/,
    ),
  )
  breaks('stray-errors', 'a rejection that nobody handles', () =>
    fails(
      withSession((session) => ({
        ...session,
        close() {
          void Promise.reject(new Error('worker died'))
          session.close()
        },
      })),
      'a session that closes, also twice',
      /nobody handled it: Error: worker died/,
    ),
  )
  breaks('nothing-left', 'a timer left open', () =>
    fails(
      withSession((session) => {
        leaks.push(setInterval(() => {}, 1000))
        return session
      }),
      'nothing is left open',
      /still open: \d Timeout/,
    ),
  )
  breaks('fault', 'a fault that is told once only', () => {
    let told = false
    const { provider } = createFakeDenoise()
    const createFailing = () => ({
      ...provider,
      openSession(sampleRateHz: number) {
        const session = provider.openSession(sampleRateHz)
        if (told) return session
        told = true
        throw new ProviderError('bad-request', 'there is no engine')
      },
    })
    const cases = denoiseContract({ ...options(), createFailing })
    return expectFailure(
      cases,
      'a fault is a ProviderError',
      /the second caller to be refused; they were heard/,
    )
  })
  breaks('closes', 'a provider that does not close', () =>
    fails((provider) => ({ ...provider, close: never }), 'the provider closes', /provider.close to resolve/),
  )
  breaksDenoise(breaks)
})

describe('the denoise suite', () => hasNoHole(denoiseContract(WHOLE)))
