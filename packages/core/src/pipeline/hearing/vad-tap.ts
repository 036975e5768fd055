import type { AudioFormat } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import type { Metrics } from '../../contracts/metrics.ts'
import type { VadProvider, VadStream } from '../../contracts/vad.ts'
import { attempt } from '../../kit/attempt.ts'
import { withDeadline } from '../../kit/deadline.ts'
import { nowUs, toUs } from '../../kit/whole-us.ts'
import type { FrameClock, FrameClockSeat, Sleeper } from '../frame-clock.ts'
import { VadLane, type VadTapHandlers } from './vad-lane.ts'

/**
 * The voice activity tap of all calls: every 20 ms the windows that became whole, of all calls, go to the detector
 * in one batch. It sees copies of the caller's audio, and holds nothing up: while a batch is being rated, windows
 * wait in a short ring per call. A call with no whole window is not looked at.
 */
export interface VadTap {
  /** One call's stream. `onWindow` gets each window's probability, in order. */
  open(format: AudioFormat, handlers: VadTapHandlers): VadTapStream
  /** Windows discarded because the detector fell behind. */
  droppedWindows(): number
}

export interface VadTapStream {
  readonly windowMs: number
  readonly threshold: number
  push(audio: Uint8Array): void
  close(): void
}

/** Between two batches, so that the windows of all calls are many at a time. */
const BATCH_US = toUs(20)
/** A detector that takes longer for 32 ms of speech has no use for a call. */
const RATE_LIMIT_MS = 5000

export function createVadTap(
  provider: VadProvider,
  frameClock: FrameClock,
  clock: Clock,
  metrics?: Metrics,
): VadTap {
  const batches = new Batches(provider, frameClock, clock)
  let droppedWindows = 0
  const onDropped = (): void => {
    droppedWindows++
    metrics?.count('vad_windows_dropped_total')
  }
  return {
    open: (format, handlers) =>
      new Stream(provider, batches, new VadLane(provider, format, handlers, onDropped)),
    droppedWindows() {
      return droppedWindows
    },
  }
}

class Stream implements VadTapStream {
  readonly windowMs: number
  readonly threshold: number
  readonly #lane: VadLane
  readonly #batches: Batches
  #open = true

  constructor(provider: VadProvider, batches: Batches, lane: VadLane) {
    this.windowMs = (provider.windowSamples * 1000) / provider.sampleRateHz
    this.threshold = provider.threshold
    this.#lane = lane
    this.#batches = batches
    batches.join()
  }

  push(audio: Uint8Array): void {
    const lane = this.#lane
    lane.push(audio)
    if (!lane.queued && lane.whole) this.#batches.add(lane)
  }

  close(): void {
    if (!this.#open) return
    this.#open = false
    this.#batches.leave(this.#lane)
  }
}

/** Rates what is whole, one batch at a time. */
class Batches implements Sleeper {
  readonly #provider: VadProvider
  readonly #frameClock: FrameClock
  readonly #clock: Clock
  #calls = 0
  #seat: FrameClockSeat | undefined
  /** Lanes with a whole window, and those whose window is being rated. */
  #ready: VadLane[] = []
  #batch: VadLane[] = []
  #streams: VadStream[] = []
  #windows = new Int16Array(0)
  #probabilities = new Float32Array(0)
  #inFlight = false
  #lastUs = -Infinity

  constructor(provider: VadProvider, frameClock: FrameClock, clock: Clock) {
    this.#provider = provider
    this.#frameClock = frameClock
    this.#clock = clock
  }

  join(): void {
    this.#calls++
    if (this.#seat) return
    this.#seat = this.#frameClock.join(this.#fail)
    this.#seat.deadline.wakes(this)
  }

  add(lane: VadLane): void {
    this.#queue(lane)
    if (this.#ready.length === 1 && !this.#inFlight) this.#askForVisit()
  }

  leave(lane: VadLane): void {
    lane.closed = true
    // The detector may still be reading it: then `#settle` closes it.
    if (!this.#batch.includes(lane)) lane.stream.close()
    if (--this.#calls > 0) return
    // The visit they were promised goes with the seat, and the next call's first window has to ask for one.
    this.#ready.length = 0
    this.#seat?.leave()
    this.#seat = undefined
  }

  #queue(lane: VadLane): void {
    lane.queued = true
    this.#ready.push(lane)
  }

  #askForVisit(): void {
    this.#seat?.deadline.at(Math.max(nowUs(this.#clock), this.#lastUs + BATCH_US))
  }

  onDue(now: number): void {
    if (this.#inFlight || this.#ready.length === 0) return
    this.#lastUs = now
    this.#take()
    if (this.#batch.length === 0) return
    const { windowSamples } = this.#provider
    const windows = this.#windows.subarray(0, this.#batch.length * windowSamples)
    this.#inFlight = true
    try {
      const rating = this.#provider.rate(this.#streams, windows, this.#probabilities)
      if (rating) this.#within(rating).then(this.#deliver, this.#fail)
      else this.#deliver()
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  /** Moves one window of each lane that is ready into the batch. */
  #take(): void {
    const { windowSamples } = this.#provider
    const ready = this.#ready
    this.#ready = this.#batch
    this.#ready.length = 0
    // Also where the detector gave them away to a thread of its own, although they are lent.
    const room = Math.min(this.#windows.length, this.#probabilities.length * windowSamples)
    if (room < ready.length * windowSamples) {
      this.#windows = new Int16Array(ready.length * 2 * windowSamples)
      this.#probabilities = new Float32Array(ready.length * 2)
    }
    this.#streams.length = 0
    let kept = 0
    for (const lane of ready) {
      lane.queued = false
      if (lane.closed) continue
      lane.take(this.#windows, kept * windowSamples)
      this.#streams.push(lane.stream)
      ready[kept++] = lane
    }
    ready.length = kept
    this.#batch = ready
  }

  readonly #deliver = (): void => {
    this.#settle((lane, index) =>
      lane.handlers.onWindow(this.#probabilities[index]!, lane.power, lane.heardMs),
    )
  }

  readonly #fail = (thrown: unknown): void => {
    const error = asProviderError(thrown, 'vad: rating a batch')
    if (error.class !== 'timeout' && this.#batch.length > 1) return void this.#rateAlone()
    // Who hangs may write into what he was lent, whenever he comes back.
    this.#windows = new Int16Array(0)
    this.#settle((lane) => lane.handlers.onFailure(error))
  }

  /** One stream may be at fault, and the calls of the others are not to pay for it. */
  async #rateAlone(): Promise<void> {
    const { windowSamples } = this.#provider
    const windows = this.#windows
    const outcomes: (number | ProviderError)[] = []
    let hangs: ProviderError | undefined
    for (const [index, stream] of this.#streams.entries()) {
      const window = windows.slice(index * windowSamples, (index + 1) * windowSamples)
      const probabilities = new Float32Array(1)
      try {
        if (hangs) throw hangs
        await this.#within(attempt(() => this.#provider.rate([stream], window, probabilities)))
        outcomes.push(probabilities[0]!)
      } catch (thrown) {
        const error = asProviderError(thrown, 'vad: rating a window')
        if (error.class === 'timeout') hangs = error
        outcomes.push(error)
      }
    }
    this.#settle((lane, index) => {
      const outcome = outcomes[index]!
      if (typeof outcome === 'number') lane.handlers.onWindow(outcome, lane.power, lane.heardMs)
      else lane.handlers.onFailure(outcome)
    })
  }

  #within(rating: PromiseLike<void>): Promise<void> {
    return withDeadline(this.#clock, RATE_LIMIT_MS, 'vad: rating', Promise.resolve(rating))
  }

  /** The batch in flight is done and each of its calls hears so; one whose handler throws is alone in it. */
  #settle(tell: (lane: VadLane, index: number) => void): void {
    this.#inFlight = false
    const settled = this.#batch
    this.#batch = []
    settled.forEach((lane, index) => {
      try {
        if (lane.closed) lane.stream.close()
        else tell(lane, index)
      } catch (thrown) {
        tellFailure(lane, asProviderError(thrown, 'vad: a rated window'))
      }
    })
    for (const lane of settled) if (lane.whole && !lane.queued && !lane.closed) this.#queue(lane)
    // Whoever fell behind meanwhile catches up without waiting for the next batch.
    this.onDue(nowUs(this.#clock))
  }
}

function tellFailure(lane: VadLane, error: ProviderError): void {
  try {
    if (!lane.closed) lane.handlers.onFailure(error)
  } catch {
    // Nobody is left to tell.
  }
}
