import { type DenoiseProvider, type DenoiseSession, ProviderError } from '../../contracts/index.ts'

export interface FakeDenoiseOptions {
  readonly sampleRatesHz?: readonly number[]
  readonly delayMs?: number
  /** Samples below this are noise, and become silence. Default 400; 0: nothing is. */
  readonly noiseBelow?: number
  /** Pieces come back a turn of the event loop later, as from a worker. */
  readonly asynchronous?: boolean
}

export interface FakeDenoiseSession {
  readonly sampleRateHz: number
  /** Samples that came back. */
  readonly cleaned: number
  readonly closed: boolean
}

export interface FakeDenoise {
  readonly provider: DenoiseProvider
  /** One a call of `openSession`, in order. */
  readonly sessions: readonly FakeDenoiseSession[]
  readonly warmed: number
  readonly closed: boolean
  /** From now on pieces wait, until `goOn`. */
  hang(): void
  goOn(): void
  /** From now on pieces, and openings, fail with this; `undefined`: they do not. */
  fail(error: Error | undefined): void
}

export function createFakeDenoise(options: FakeDenoiseOptions = {}): FakeDenoise {
  const { sampleRatesHz = [8000, 16_000], delayMs = 20, noiseBelow = 400, asynchronous = false } = options
  const sessions: FakeDenoiseSession[] = []
  const ends = new Set<(error: ProviderError) => void>()
  let hung: { readonly over: Promise<void>; goOn(): void } | undefined
  let error: Error | undefined
  let warmed = 0
  let closed = false

  function refuseClosed(): void {
    if (closed) throw new ProviderError('cancelled', 'FakeDenoise: it is closed')
    if (error) throw error
  }

  function openSession(sampleRateHz: number): DenoiseSession {
    refuseClosed()
    const inside = createDelayLine((sampleRateHz * delayMs) / 1000, noiseBelow)
    const state = { sampleRateHz, cleaned: 0, closed: false }
    sessions.push(state)
    function cleanNow(samples: Int16Array): void {
      inside(samples)
      state.cleaned += samples.length
    }
    async function cleanLater(samples: Int16Array): Promise<void> {
      let end: (error: ProviderError) => void = () => undefined
      const ended = new Promise<never>((_resolve, reject) => ends.add((end = reject)))
      const own = samples.slice()
      await Promise.race([hung ? hung.over : new Promise((resolve) => setImmediate(resolve)), ended])
      ends.delete(end)
      cleanNow(own)
      samples.set(own)
    }
    return {
      clean(samples) {
        refuseClosed()
        if (state.closed) throw new ProviderError('cancelled', 'FakeDenoise: the session is closed')
        return hung || asynchronous ? cleanLater(samples) : cleanNow(samples)
      },
      close() {
        state.closed = true
      },
    }
  }

  return {
    provider: {
      sampleRatesHz,
      delayMs,
      async warm() {
        refuseClosed()
        warmed++
      },
      openSession,
      async close() {
        closed = true
        for (const end of ends) end(new ProviderError('cancelled', 'FakeDenoise: it was closed'))
        ends.clear()
      },
    },
    sessions,
    get warmed() {
      return warmed
    },
    get closed() {
      return closed
    },
    hang() {
      let goOn: () => void = () => undefined
      const over = new Promise<void>((resolve) => (goOn = resolve))
      hung = { over, goOn }
    },
    goOn() {
      hung?.goOn()
      hung = undefined
    },
    fail(thrown) {
      error = thrown
    },
  }
}

/** What was given so many samples before, without what is quieter than `noiseBelow`. */
function createDelayLine(delaySamples: number, noiseBelow: number): (samples: Int16Array) => void {
  let inside = new Int16Array(delaySamples)
  return (samples) => {
    const all = new Int16Array(inside.length + samples.length)
    all.set(inside)
    samples.forEach((sample, at) => {
      all[inside.length + at] = Math.abs(sample) < noiseBelow ? 0 : sample
    })
    samples.set(all.subarray(0, samples.length))
    inside = all.slice(samples.length)
  }
}
