import { FRAME_MS, type AudioFormat } from '../../contracts/audio.ts'
import { silenceByte } from '../../audio/reframe.ts'

/**
 * An operator's mute: the agent goes on, and its frames are silence on the wire. Positions move as ever, so what was
 * muted is remembered by them: it is part of what was sent, and of nothing that was heard.
 */
export interface Muting {
  on: boolean
  /** One frame of voice that goes out now, in place; `positionMs`: of the voice before it. */
  silence(frame: Uint8Array, positionMs: number): void
  /** The first position from `startMs` to `endMs` that was muted. */
  firstIn(startMs: number, endMs: number): number | undefined
}

/** Somebody who mutes for every second word for an hour; older ones are forgotten. */
const MAX_STRETCHES = 1000

export function createMuting(format: AudioFormat): Muting {
  const stretches: { readonly startMs: number; endMs: number }[] = []
  const silent = silenceByte(format)
  return {
    on: false,
    silence(frame, positionMs) {
      frame.fill(silent)
      const last = stretches.at(-1)
      if (last?.endMs === positionMs) last.endMs += FRAME_MS
      else stretches.push({ startMs: positionMs, endMs: positionMs + FRAME_MS })
      if (stretches.length > MAX_STRETCHES) stretches.shift()
    },
    firstIn(startMs, endMs) {
      if (stretches.length === 0) return undefined
      const muted = stretches.find((stretch) => stretch.endMs > startMs && stretch.startMs < endMs)
      return muted && Math.max(startMs, muted.startMs)
    },
  }
}
