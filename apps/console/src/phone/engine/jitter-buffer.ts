import { MULAW_TO_LINEAR } from '@kav/core/audio'
import { createPlayout, type Playout, type PlayoutHandlers } from '@kav/phone/protocol'

/**
 * What the agent sent, until it is played: the far end's playout model with sound in it. Its time is what was read, so
 * that whatever it says was played has been read to the very sample.
 */
export interface JitterBuffer {
  /** Mu-law, in order. */
  receive(audio: Uint8Array): void
  mark(name: string): void
  /** Returns how many samples will not be played. */
  clear(): number
  /** Fills `samples`, with silence where there is nothing; then tells what is due. */
  read(samples: Int16Array): void
  /** The call is over: what is left is never heard. */
  end(): number
  /** Samples read so far, silence too: the clock. */
  readonly readSamples: number
  readonly bufferedSamples: number
  /** For which there was no room. */
  readonly overflowSamples: number
  readonly playout: Playout
}

const SAMPLES_PER_MS = 8
/** Half a minute: no server sends so far ahead. */
const MAX_BUFFERED_SAMPLES = 30 * 8000

export function createJitterBuffer(
  handlers: PlayoutHandlers,
  options: { readonly holdMs: number },
): JitterBuffer {
  const playout = createPlayout(handlers, options)
  const ring = new Int16Array(MAX_BUFFERED_SAMPLES)
  let readSamples = 0
  let overflowSamples = 0
  const nowMs = (): number => readSamples / SAMPLES_PER_MS

  /** From a sample on the stream's time line, for so many. */
  function write(from: number, count: number, sampleAt: (offset: number) => number): void {
    for (let offset = 0; offset < count; offset++) ring[(from + offset) % ring.length] = sampleAt(offset)
  }

  /** Takes back what is still to be played, as the model does. */
  function takeBack(drop: (nowMs: number) => number): number {
    const waiting = playout.bufferedBytes(nowMs())
    write(readSamples, waiting, () => 0)
    return drop(nowMs())
  }

  return {
    receive(audio) {
      const room = MAX_BUFFERED_SAMPLES - options.holdMs * SAMPLES_PER_MS - playout.bufferedBytes(nowMs())
      const taken = audio.subarray(0, Math.max(0, room))
      overflowSamples += audio.length - taken.length
      if (taken.length === 0) return
      const from = playout.receive(nowMs(), taken.length)
      write(from, taken.length, (offset) => MULAW_TO_LINEAR[taken[offset]!]!)
    },
    mark: (name) => playout.mark(nowMs(), name),
    clear: () => takeBack(playout.clear),
    read(samples) {
      for (let at = 0; at < samples.length; at++) {
        const place = (readSamples + at) % ring.length
        samples[at] = ring[place]!
        ring[place] = 0
      }
      readSamples += samples.length
      if (playout.nextDueMs <= nowMs()) playout.advance(nowMs())
    },
    end: () => takeBack(playout.end),
    get readSamples() {
      return readSamples
    },
    get bufferedSamples() {
      return playout.bufferedBytes(nowMs())
    },
    get overflowSamples() {
      return overflowSamples
    },
    playout,
  }
}
