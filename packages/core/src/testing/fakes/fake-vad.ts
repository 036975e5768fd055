import type { VadProvider, VadStream } from '../../contracts/index.ts'

export interface FakeVadOptions {
  readonly sampleRateHz?: 8000 | 16000
  readonly windowSamples?: number
  readonly threshold?: number
  /** Level (root mean square, 0 to 32767) from which a window counts as voice. */
  readonly voiceRms?: number
  /** Results come a turn of the event loop later, as from a worker. */
  readonly asynchronous?: boolean
}

export interface FakeVadStream {
  readonly stream: VadStream
  /** Probability of every window rated so far. */
  readonly rated: readonly number[]
  readonly closed: boolean
  /** From now on every window has this probability; `undefined` goes back to the window's level. */
  say(probability: number | undefined): void
}

export interface FakeVad {
  readonly provider: VadProvider
  /** One a call of `openStream`, in order. */
  readonly streams: readonly FakeVadStream[]
  readonly closed: boolean
}

interface State {
  readonly rated: number[]
  said: number | undefined
  closed: boolean
}

function rms(window: Int16Array): number {
  let sum = 0
  for (const sample of window) sum += sample * sample
  return Math.sqrt(sum / window.length)
}

export function createFakeVad(options: FakeVadOptions = {}): FakeVad {
  const windowSamples = options.windowSamples ?? 256
  const voiceRms = options.voiceRms ?? 300
  const states = new Map<VadStream, State>()
  const streams: FakeVadStream[] = []
  let closed = false

  function rateAll(rated: readonly VadStream[], windows: Int16Array, probabilities: Float32Array): void {
    rated.forEach((stream, index) => {
      const state = states.get(stream)
      if (state === undefined || state.closed)
        throw new Error('FakeVad: rate was given a stream that is not open')
      const window = windows.subarray(index * windowSamples, (index + 1) * windowSamples)
      const probability = state.said ?? (rms(window) >= voiceRms ? 0.95 : 0.02)
      probabilities[index] = probability
      state.rated.push(probability)
    })
  }

  return {
    provider: {
      sampleRateHz: options.sampleRateHz ?? 8000,
      windowSamples,
      threshold: options.threshold ?? 0.5,
      openStream() {
        const state: State = { rated: [], said: undefined, closed: false }
        const stream: VadStream = {
          close() {
            state.closed = true
          },
        }
        states.set(stream, state)
        streams.push({
          stream,
          rated: state.rated,
          get closed() {
            return state.closed
          },
          say(probability) {
            state.said = probability
          },
        })
        return stream
      },
      rate(rated, windows, probabilities) {
        if (options.asynchronous !== true) return rateAll(rated, windows, probabilities)
        return new Promise((resolve) => setImmediate(resolve)).then(() =>
          rateAll(rated, windows, probabilities),
        )
      },
      async close() {
        closed = true
      },
    },
    streams,
    get closed() {
      return closed
    },
  }
}
