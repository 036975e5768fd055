import { afterEach, describe } from 'vitest'
import type { VadProvider, VadStream } from '../../src/index.ts'
import { createFakeVad, vadContract, type VadContractOptions } from '../../src/testing/index.ts'
import { breaksHost, SECRET } from './host-faults.ts'
import { breaksVadEndings } from './ending-faults.ts'
import { breaksVadMemory } from './memory-faults.ts'
import { createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const never = () => new Promise<never>(() => {})
const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

/** A tone that swells, so that state kept in the wrong place shows. */
function swell(sampleRateHz: number): Int16Array {
  return Int16Array.from({ length: sampleRateHz / 2 }, (_value, index) =>
    Math.round(Math.sin(index / 4) * (600 + index)),
  )
}

function options(
  change: (provider: VadProvider) => VadProvider = (provider) => provider,
  asynchronous = false,
): VadContractOptions {
  return { ...QUICK, create: () => change(createFakeVad({ asynchronous }).provider), speech: swell }
}

/** A detector with memory: each window's level is averaged with what `memoryOf` its place or stream holds. */
function withMemory(memoryOf: (stream: VadStream, index: number) => string | VadStream) {
  return (provider: VadProvider): VadProvider => {
    const memory = new Map<string | VadStream, number>()
    return {
      ...provider,
      async rate(streams, windows, probabilities) {
        await provider.rate(streams, windows, probabilities)
        streams.forEach((stream, index) => {
          const key = memoryOf(stream, index)
          const level = 0.8 * probabilities[index]! + 0.2 * (memory.get(key) ?? 0)
          memory.set(key, level)
          probabilities[index] = level
        })
      },
    }
  }
}

const eachRating = (change: (probability: number) => number) => (provider: VadProvider) => ({
  ...provider,
  async rate(streams: readonly VadStream[], windows: Int16Array, probabilities: Float32Array) {
    await provider.rate(streams, windows, probabilities)
    streams.forEach((_stream, index) => {
      probabilities[index] = change(probabilities[index]!)
    })
  },
})

const fails = (change: (provider: VadProvider) => VadProvider, caseName: string, message: RegExp) =>
  expectFailure(vadContract(options(change)), caseName, message)

const { breaks, hasNoHole } = createPromiseTable('vad')

describe('the vad suite passes on a good detector', () => {
  passesAll(vadContract({ ...options(), ...PATIENT }))
})

describe('the vad suite passes on a detector with memory that answers later, shared by all cases', () => {
  const remembering = options(
    withMemory((stream) => stream),
    true,
  )
  passesAll(vadContract({ ...remembering, ...PATIENT, isolated: false }))
})

describe('the vad suite notices', () => {
  breaks('stated', 'a threshold that cannot be', () =>
    fails(
      (provider) => ({ ...provider, threshold: 50 }),
      'windows, rate and threshold',
      /a threshold between 0 and 1/,
    ),
  )

  breaks('ratings', 'ratings outside 0 to 1', () =>
    fails(
      eachRating((probability) => probability * 100),
      'every window gets a probability',
      /one is 95/,
    ),
  )

  breaks('ratings', 'ratings that are not written', () =>
    fails((provider) => ({ ...provider, rate: () => {} }), 'every window gets a probability', /one is NaN/),
  )

  breaks('speech', 'a detector that hears no one', () =>
    fails(
      eachRating(() => 0),
      'speech reaches the threshold',
      /at least 50 % .*; 0 % are/,
    ),
  )

  breaks('silence', 'a detector that always hears someone', () =>
    fails(
      eachRating(() => 1),
      'silence stays below',
      /at most 5 % .*; 100 % are/,
    ),
  )

  breaks('lent', 'a detector that reads the lent windows after rate has settled', () =>
    fails(
      (provider) => ({
        ...provider,
        rate(streams, windows, probabilities) {
          setImmediate(() => void provider.rate(streams, windows, probabilities))
        },
      }),
      'the lent arrays',
      /a probability to be written; nothing was/,
    ),
  )

  breaks('lent', 'a detector that keeps the lent windows for later', () => {
    const keeping = (provider: VadProvider): VadProvider => {
      let before: Int16Array | undefined
      return {
        ...provider,
        async rate(streams, windows, probabilities) {
          await provider.rate(streams, windows, probabilities)
          if (before?.every((sample) => sample !== 0) === true) probabilities.fill(1)
          before = windows
        },
      }
    }
    return fails(keeping, 'silence stays below', /% are/)
  })

  breaks('lent', 'windows that are changed', () =>
    fails(
      (provider) => ({
        ...provider,
        async rate(streams, windows, probabilities) {
          await provider.rate(streams, windows, probabilities)
          windows.fill(0)
        },
      }),
      'the lent arrays',
      /windows to stay as they were/,
    ),
  )

  breaks('lent', 'a rating written after rate has settled', () =>
    fails(
      (provider) => ({
        ...provider,
        rate(streams, windows, probabilities) {
          setTimeout(() => probabilities.fill(0.5), 5)
          return provider.rate(streams, windows, probabilities)
        },
      }),
      'the lent arrays',
      /nothing to be written after rate has settled; it became 0.5/,
    ),
  )

  breaks('batch', 'state shared by all streams', () =>
    fails(
      withMemory(() => 'one'),
      'a batch rates each stream',
      /window \d+ to be rated/,
    ),
  )

  breaks('state', 'state that belongs to the place in the batch', () =>
    fails(
      withMemory((_stream, index) => String(index)),
      'state belongs to the stream',
      /when its place in the batch changes/,
    ),
  )

  breaks('fresh', 'a stream that starts with the memory of one before', () =>
    fails(
      withMemory(() => 'one'),
      'a new stream remembers nothing',
      /window 0 to be rated .* again on a new stream/,
    ),
  )

  breaks('close-one', 'closing a stream that closes others', () => {
    const shared = (provider: VadProvider): VadProvider => {
      const open: VadStream[] = []
      return {
        ...provider,
        openStream() {
          const stream = provider.openStream()
          open.push(stream)
          return { close: () => open.splice(0).forEach((one) => one.close()) }
        },
        rate: (streams, windows, probabilities) =>
          open.length === 0
            ? Promise.reject(new Error('stream is closed'))
            : provider.rate(open.slice(-streams.length), windows, probabilities),
      }
    }
    return fails(shared, 'closing one stream', /stream is closed/)
  })

  breaks('stream-close', 'a stream that throws when closed twice', () =>
    fails(
      (provider) => ({
        ...provider,
        openStream() {
          let closed = false
          return {
            close() {
              if (closed) throw new Error('double free')
              closed = true
            },
          }
        },
      }),
      'a stream closes twice',
      /double free/,
    ),
  )

  breaks('empty-batch', 'an empty batch that throws', () =>
    fails(
      (provider) => ({
        ...provider,
        rate(streams, windows, probabilities) {
          if (streams.length === 0) throw new RangeError('batch of 0')
          return provider.rate(streams, windows, probabilities)
        },
      }),
      'a batch without streams',
      /RangeError: batch of 0/,
    ),
  )

  breaks('stray-errors', 'a rejection that nobody handles', () =>
    fails(
      (provider) => ({
        ...provider,
        openStream() {
          void Promise.reject(new Error('worker died'))
          return provider.openStream()
        },
      }),
      'a stream closes twice',
      /nobody handled it: Error: worker died/,
    ),
  )

  breaks('nothing-left', 'a timer left open', () =>
    fails(
      (provider) => ({
        ...provider,
        openStream() {
          leaks.push(setInterval(() => {}, 1000))
          return provider.openStream()
        },
      }),
      'nothing is left open',
      /still open: 2 Timeout/,
    ),
  )

  breaks('closes', 'a provider that does not close', () =>
    fails((provider) => ({ ...provider, close: never }), 'the provider closes', /provider.close to resolve/),
  )

  breaksVadMemory(breaks, (change) => vadContract(options(change)))
  breaksVadEndings(breaks, options())
  breaksHost(breaks, (atCreate) =>
    vadContract({
      ...options(),
      secrets: [SECRET],
      create(context) {
        atCreate(context)
        return createFakeVad().provider
      },
    }),
  )
})

describe('the vad suite', () =>
  hasNoHole(
    vadContract({
      ...options(),
      secrets: [SECRET],
      createFailing: () => createFakeVad().provider,
      failingClass: 'bad-data',
    }),
  ))
