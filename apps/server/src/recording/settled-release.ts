import { AGENT, CALLER, type CallWindow } from './call-window.ts'
import type { StereoEncoder } from './stereo-encoder.ts'
import type { WavFile } from './wav-file.ts'

/** Gives the file what nothing can change any more. */
export interface SettledRelease {
  /** Takes everything before `to` out of the window and gives it to the file. */
  release(to: number): void
  /** The position with which the file begins: 0, or before it. */
  begin(): number
}

export function createSettledRelease(parts: {
  window: CallWindow
  encoder: StereoEncoder
  wav: Pick<WavFile, 'append' | 'appendSilence'>
  /** How much is encoded at a time. */
  sliceSamples: number
}): SettledRelease {
  const { window, encoder, wav, sliceSamples } = parts
  let begun = false
  let begin = 0
  function release(to: number): void {
    if (to <= window.from()) return
    // The file begins with the call; earlier, when audio came that is older.
    let at = begun ? window.from() : Math.min(0, window.begin())
    if (!begun && to > at) {
      begun = true
      begin = at
    }
    for (const soundEnd = Math.min(to, window.end()); at < soundEnd;) {
      const stop = Math.min(at + sliceSamples, soundEnd)
      wav.append(encoder.encode(window.read(CALLER, at, stop), window.read(AGENT, at, stop)))
      at = stop
    }
    if (at < to) wav.appendSilence((to - at) * encoder.silence.length)
    window.advance(to)
  }
  return {
    release,
    begin() {
      return begin
    },
  }
}
