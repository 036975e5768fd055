import type { FromServer } from './engine-messages.ts'
import { createJitterBuffer } from './jitter-buffer.ts'
import { createSoundLevel, peakOf } from './sound-level.ts'
import { createSpeaker } from './speaker.ts'

/** The agent's side at the far end: what the server sent, until it has left the loudspeaker. */
export interface Ear {
  receive(message: FromServer): void
  /** Fills what is to be played, and gives back the marks whose audio has left the loudspeaker by then. */
  fill(toPlay: Float32Array): void
  /** How much later than it is played a sound leaves the loudspeaker. */
  setLatency(ms: number): void
  /** The call is over: what has not been played is never heard. */
  end(): void
  /** Audio that was played since the stream began, silence too. */
  readonly nowMs: number
  figures(): EarFigures
}

export interface EarFigures {
  readonly heardMs: number
  readonly bufferedMs: number
  readonly speaking: boolean
  readonly agentDb: number
  readonly underruns: number
  readonly underrunMs: number
  readonly discardedMs: number
  readonly overflowMs: number
}

export interface EarOptions {
  readonly sampleRateHz: number
  /** Its audio was heard to the end, or `cleared`: taken back. */
  readonly onMark: (name: string, cleared: boolean) => void
  /** The loudest of samples that leave the loudspeaker at `atMs`. */
  readonly onPlayed: (atMs: number, peak: number) => void
}

/** Audio that finds the buffer dry waits so long: what a browser's network does to a frame is less. */
const HOLD_MS = 40

export function createEar({ sampleRateHz, onMark, onPlayed }: EarOptions): Ear {
  /** Played, and on their way through the loudspeaker. */
  const sounding: { readonly name: string; readonly dueMs: number }[] = []
  const level = createSoundLevel()
  let underrunMs = 0
  let latencyMs = 0
  let playedSamples = 0

  const buffer = createJitterBuffer(
    {
      onMarkReturned({ name, cleared }) {
        if (cleared === true) onMark(name, true)
        else sounding.push({ name, dueMs: readMs() + latencyMs })
      },
      onUnderrun: (_atMs, gapMs) => void (underrunMs += gapMs),
      onSpeechStarted: () => undefined,
      onSpeechStopped: () => undefined,
    },
    { holdMs: HOLD_MS },
  )
  const speaker = createSpeaker(sampleRateHz, (samples) => {
    buffer.read(samples)
    level.add(samples)
    onPlayed(readMs() + latencyMs, peakOf(samples))
  })

  const nowMs = (): number => (playedSamples / sampleRateHz) * 1000

  /** The same clock where the buffer is read: a few ms ahead, which the filter needs. */
  function readMs(): number {
    return buffer.readSamples / 8
  }

  function giveBack(untilMs: number): void {
    while (sounding[0] !== undefined && sounding[0].dueMs <= untilMs) onMark(sounding.shift()!.name, false)
  }

  /** What has been played has been played, whatever is taken back behind it. */
  function takeBack(from: () => number): void {
    giveBack(Infinity)
    from()
  }

  return {
    receive(message) {
      if (message.type === 'media') buffer.receive(message.audio)
      else if (message.type === 'mark') buffer.mark(message.name)
      else takeBack(buffer.clear)
    },
    fill(toPlay) {
      speaker.fill(toPlay)
      playedSamples += toPlay.length
      giveBack(nowMs())
    },
    setLatency: (ms) => void (latencyMs = ms),
    end: () => takeBack(buffer.end),
    get nowMs() {
      return nowMs()
    },
    figures: () => ({
      heardMs: Math.max(0, nowMs() - latencyMs),
      bufferedMs: buffer.bufferedSamples / 8,
      speaking: buffer.playout.speaking,
      agentDb: level.takeDb(),
      underruns: buffer.playout.underruns().length,
      underrunMs,
      discardedMs: buffer.playout.discardedBytes / 8,
      overflowMs: buffer.overflowSamples / 8,
    }),
  }
}
