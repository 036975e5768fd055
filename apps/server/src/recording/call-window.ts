import { type AudioFormat, bytesPerSecond } from '@kav/core'
import { silenceByte } from '@kav/core/host'

/** Left and right of the recording. */
export const CALLER = 0
export const AGENT = 1
export type Side = typeof CALLER | typeof AGENT

/**
 * The last seconds of both sides in the call's own format, as long as anything may still change them. Positions are
 * samples on the recording's time line. Made once: nothing is allocated while the call runs.
 */
export interface CallWindow {
  readonly sampleBytes: number
  /** The first position that is still here. */
  from(): number
  /** One past the last position that has sound, on either side. */
  end(): number
  /** The first position that ever had sound; `Infinity` before there is any. */
  begin(): number
  /** Copies whole samples in; returns how many of them lay outside and were left out. */
  put(side: Side, at: number, audio: Uint8Array): number
  /** Moves what lies in `[start, stop)` to `by` samples earlier; what it leaves is silent. */
  moveBack(side: Side, start: number, stop: number, by: number): void
  /** Nothing of `side` will be heard at `at` or later. */
  cut(side: Side, at: number): void
  /** The bytes of `side` in `[start, stop)`, which lies in the window. Lent: valid until the next call. */
  read(side: Side, start: number, stop: number): Uint8Array
  /** Forgets everything before `to`. */
  advance(to: number): void
}

export function createCallWindow(format: AudioFormat, from: number, capacity: number): CallWindow {
  const sampleBytes = bytesPerSecond(format) / format.sampleRateHz
  const silence = silenceByte(format)
  const sides = [CALLER, AGENT].map(() => new Uint8Array(capacity * sampleBytes).fill(silence))
  const ends = [from, from]
  let begin = Infinity
  const offset = (at: number): number => Math.min(Math.max(at - from, 0), capacity) * sampleBytes
  return {
    sampleBytes,
    from() {
      return from
    },
    end() {
      return Math.max(...ends)
    },
    begin() {
      return begin
    },
    put(side, at, audio) {
      const samples = audio.length / sampleBytes
      const start = Math.max(at, from)
      const stop = Math.min(at + samples, from + capacity)
      if (stop <= start) return samples
      sides[side]!.set(audio.subarray((start - at) * sampleBytes, (stop - at) * sampleBytes), offset(start))
      ends[side] = Math.max(ends[side]!, stop)
      begin = Math.min(begin, start)
      return samples - (stop - start)
    },
    moveBack(side, start, stop, by) {
      sides[side]!.copyWithin(offset(start - by), offset(start), offset(stop))
      sides[side]!.fill(silence, offset(stop - by), offset(stop))
      ends[side] = Math.min(ends[side]!, stop - by)
      begin = Math.min(begin, start - by)
    },
    cut(side, at) {
      sides[side]!.fill(silence, offset(at))
      ends[side] = Math.max(from, Math.min(ends[side]!, at))
    },
    read: (side, start, stop) => sides[side]!.subarray(offset(start), offset(stop)),
    advance(to) {
      for (const side of sides) {
        side.copyWithin(0, offset(to))
        side.fill(silence, side.length - offset(to))
      }
      from = to
      for (const side of [CALLER, AGENT]) ends[side] = Math.max(ends[side]!, from)
    },
  }
}
