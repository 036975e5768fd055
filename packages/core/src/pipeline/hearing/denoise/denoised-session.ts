import { type SampleDecoder, createSampleDecoder, createSampleEncoder } from '../../../audio/convert.ts'
import type { AudioFormat } from '../../../contracts/audio.ts'
import type { SttEvent, SttSession } from '../../../contracts/stt.ts'
import { catchPromised } from '../../../kit/promised-nothing.ts'
import type { DenoiseLine } from './denoise-line.ts'
import { denoisedEvents } from './denoised-events.ts'

/**
 * A recogniser's session behind a filter. It gets every sample of the caller once and in order, as much later as the
 * filter says: cleaned, and from where the filter was left on as they came.
 */
export function denoisedSession(
  session: SttSession,
  line: DenoiseLine,
  heard: { readonly format: AudioFormat; readonly delayMs: number },
): SttSession {
  return new Denoised(session, line, heard)
}

/** A class: it is written to 25 times a second. */
class Denoised implements SttSession {
  readonly events: AsyncIterable<SttEvent>
  readonly #session: SttSession
  readonly #decoder: SampleDecoder
  readonly #encode: (samples: Int16Array) => Uint8Array
  readonly #delaySamples: number
  #line: DenoiseLine | undefined
  /**
   * What the recogniser has not got yet, as it came: first the delay's worth that is inside the filter, then what the
   * filter has or waits for. It is what the recogniser gets where the filter gives nothing back.
   */
  #held: Int16Array
  #heldSamples: number
  #piece = new Int16Array(0)
  /** Samples the filter is at work on. */
  #underWay = 0
  #isFinishing = false
  #isClosed = false
  /** The recogniser threw where it never should, perhaps when nobody was writing. */
  #failure: { readonly thrown: unknown } | undefined

  constructor(
    session: SttSession,
    line: DenoiseLine,
    { format, delayMs }: { readonly format: AudioFormat; readonly delayMs: number },
  ) {
    this.#session = session
    this.#line = line
    this.#decoder = createSampleDecoder(format)
    this.#encode = createSampleEncoder(format)
    this.#delaySamples = Math.round((delayMs * format.sampleRateHz) / 1000)
    this.#held = new Int16Array(this.#delaySamples + format.sampleRateHz / 5)
    this.#heldSamples = this.#delaySamples
    this.events = denoisedEvents(session.events, { delayMs })
  }

  write(audio: Uint8Array): void {
    if (this.#isFinishing || this.#isClosed) return
    const samples = this.#decoder.decode(audio)
    if (this.#line) {
      this.#hold(samples)
      this.#next()
    } else this.#pass(samples)
    this.#tellFailure()
  }

  finish(): void {
    if (this.#isFinishing || this.#isClosed) return
    this.#isFinishing = true
    // What the filter still holds comes out behind as much silence.
    if (this.#line) this.#hold(new Int16Array(this.#delaySamples))
    this.#next()
    this.#tellFailure()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#line?.close()
    return this.#session.close()
  }

  #hold(samples: Int16Array): void {
    const needed = this.#heldSamples + samples.length
    if (needed > this.#held.length) {
      const larger = new Int16Array(2 * needed)
      larger.set(this.#held.subarray(0, this.#heldSamples))
      this.#held = larger
    }
    this.#held.set(samples, this.#heldSamples)
    this.#heldSamples = needed
  }

  /** The filter gets what waits for it, or the recogniser its end. */
  #next(): void {
    if (this.#underWay > 0) return
    const waiting = this.#line ? this.#heldSamples - this.#delaySamples : 0
    if (waiting === 0) {
      if (this.#isFinishing) this.#finishSession()
      return
    }
    if (this.#piece.length < waiting) this.#piece = new Int16Array(2 * waiting)
    const piece = this.#piece.subarray(0, waiting)
    piece.set(this.#held.subarray(this.#delaySamples, this.#heldSamples))
    this.#underWay = waiting
    this.#line!.clean(piece, this.#onDone)
  }

  readonly #onDone = (isClean: boolean): void => {
    const samples = this.#underWay
    this.#underWay = 0
    if (this.#isClosed) return
    if (isClean) {
      this.#pass(this.#piece.subarray(0, samples))
      this.#held.copyWithin(0, samples, this.#heldSamples)
      this.#heldSamples -= samples
    } else {
      this.#line = undefined
      // Not the silence behind the end, which was the filter's.
      const left = this.#heldSamples - (this.#isFinishing ? this.#delaySamples : 0)
      this.#pass(this.#held.subarray(0, left))
      this.#held = this.#piece = new Int16Array(0)
      this.#heldSamples = 0
    }
    this.#next()
  }

  #pass(samples: Int16Array): void {
    this.#call(() => this.#session.write(this.#encode(samples)))
  }

  #finishSession(): void {
    this.#line?.close()
    this.#line = undefined
    this.#call(() => this.#session.finish())
  }

  #call(work: () => unknown): void {
    if (this.#failure) return
    try {
      catchPromised(work(), this.#failed)
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  readonly #failed = (thrown: unknown): void => {
    this.#failure ??= { thrown }
  }

  /** To the STT link, which replaces the session. */
  #tellFailure(): void {
    if (this.#failure) throw this.#failure.thrown
  }
}
