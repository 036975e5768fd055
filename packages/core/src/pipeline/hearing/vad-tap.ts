import type { AudioFormat } from '../../contracts/audio.ts'
import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import type { Metrics } from '../../contracts/metrics.ts'
import type { VadProvider, VadStream } from '../../contracts/vad.ts'
import { type Converter, createConverter } from '../../audio/convert.ts'
import { ALAW_TO_LINEAR, MULAW_TO_LINEAR } from '../../audio/g711.ts'
import type { FrameClock } from '../frame-clock.ts'

/**
 * The voice activity tap of all calls: every 20 ms the windows that became whole, of all calls, go to the detector
 * in one batch. It sees copies of the caller's audio, and holds nothing up: while a batch is being rated, windows
 * wait in a short ring per call.
 */
export interface VadTap {
  /** One call's stream. `onWindow` gets each window's probability, in order. */
  open(format: AudioFormat, handlers: VadTapHandlers): VadTapStream
  /** Windows discarded because the detector fell behind. */
  readonly droppedWindows: number
}

export interface VadTapHandlers {
  onWindow(probability: number): void
  onFailure(error: ProviderError): void
}

export interface VadTapStream {
  readonly windowMs: number
  readonly threshold: number
  push(audio: Uint8Array): void
  close(): void
}

interface Lane {
  readonly stream: VadStream
  readonly handlers: VadTapHandlers
  /** Ring of whole windows, and the one being filled behind them. */
  samples: Int16Array
  filled: number
  closed: boolean
}

/** Windows a call may wait with: half a second. */
const LANE_WINDOWS = 16
/** Room for so many at first: more is needed only while the detector is behind. */
const FIRST_WINDOWS = 4

export function createVadTap(provider: VadProvider, frameClock: FrameClock, metrics?: Metrics): VadTap {
  const { windowSamples, sampleRateHz } = provider
  const lanes: Lane[] = []
  let batch: Lane[] = []
  let streams: VadStream[] = []
  let windows = new Int16Array(windowSamples)
  let probabilities = new Float32Array(1)
  let inFlight = false
  let droppedWindows = 0
  let leave: (() => void) | undefined

  function collect(): void {
    if (inFlight) return
    batch = lanes.filter((lane) => lane.filled >= windowSamples)
    if (batch.length === 0) return
    if (windows.length < batch.length * windowSamples) {
      windows = new Int16Array(lanes.length * windowSamples)
      probabilities = new Float32Array(lanes.length)
    }
    streams = batch.map((lane, index) => {
      windows.set(lane.samples.subarray(0, windowSamples), index * windowSamples)
      lane.samples.copyWithin(0, windowSamples, lane.filled)
      lane.filled -= windowSamples
      return lane.stream
    })
    inFlight = true
    try {
      const rating = provider.rate(streams, windows.subarray(0, batch.length * windowSamples), probabilities)
      if (rating) rating.then(deliver, fail)
      else deliver()
    } catch (thrown) {
      fail(thrown)
    }
  }

  function deliver(): void {
    settle((lane, index) => lane.handlers.onWindow(probabilities[index]!))
    // Whoever fell behind catches up without waiting for the next turn of the wheel.
    if (lanes.some((lane) => lane.filled >= windowSamples)) collect()
  }

  function fail(thrown: unknown): void {
    const error = asProviderError(thrown, 'vad: rating a batch')
    settle((lane) => lane.handlers.onFailure(error))
  }

  /** The batch in flight is done and each of its calls hears so; one whose handler throws is alone in it. */
  function settle(tell: (lane: Lane, index: number) => void): void {
    inFlight = false
    const settled = batch
    batch = []
    settled.forEach((lane, index) => {
      try {
        if (lane.closed) lane.stream.close()
        else tell(lane, index)
      } catch (thrown) {
        tellFailure(lane, asProviderError(thrown, 'vad: a rated window'))
      }
    })
  }

  function tellFailure(lane: Lane, error: ProviderError): void {
    try {
      if (!lane.closed) lane.handlers.onFailure(error)
    } catch {
      // Nobody is left to tell.
    }
  }

  /** The ring grows to its bound; after that the oldest window makes room. */
  function makeRoom(lane: Lane): void {
    if (lane.samples.length < LANE_WINDOWS * windowSamples) {
      const larger = new Int16Array(lane.samples.length * 2)
      larger.set(lane.samples)
      lane.samples = larger
      return
    }
    lane.samples.copyWithin(0, windowSamples, lane.filled)
    lane.filled -= windowSamples
    droppedWindows++
    metrics?.count('vad_windows_dropped_total')
  }

  return {
    open(format, handlers) {
      const table = sampleTable(format, sampleRateHz)
      let converter: Converter | undefined
      const lane: Lane = {
        stream: provider.openStream(),
        handlers,
        samples: new Int16Array(FIRST_WINDOWS * windowSamples),
        filled: 0,
        closed: false,
      }
      lanes.push(lane)
      leave ??= frameClock.join({ onTick: () => undefined, onFrame: collect, onError: fail })
      return {
        windowMs: (windowSamples * 1000) / sampleRateHz,
        threshold: provider.threshold,
        push(audio) {
          if (table && lane.filled + audio.length <= lane.samples.length) {
            const { samples, filled } = lane
            for (let i = 0; i < audio.length; i++) samples[filled + i] = table[audio[i]!]!
            lane.filled = filled + audio.length
            return
          }
          converter ??= createConverter(format, { encoding: 'linear16', sampleRateHz })
          const bytes = converter.convert(audio)
          for (let at = 0; at + 1 < bytes.length; at += 2) {
            if (lane.filled === lane.samples.length) makeRoom(lane)
            lane.samples[lane.filled++] = bytes[at]! | (bytes[at + 1]! << 8)
          }
        },
        close() {
          if (lane.closed) return
          lane.closed = true
          lanes.splice(lanes.indexOf(lane), 1)
          if (lanes.length === 0) {
            leave?.()
            leave = undefined
          }
          // The detector may still be reading it: then `settle` closes it.
          if (!batch.includes(lane)) lane.stream.close()
        },
      }
    },
    get droppedWindows() {
      return droppedWindows
    },
  }
}

/** The way of almost every frame: one look-up a sample, with no bytes in between. */
function sampleTable(format: AudioFormat, sampleRateHz: number): Int16Array | undefined {
  if (format.sampleRateHz !== sampleRateHz || format.encoding === 'linear16') return undefined
  return format.encoding === 'mulaw' ? MULAW_TO_LINEAR : ALAW_TO_LINEAR
}
