import { type AudioFormat, MULAW_8K } from '@kav/core'
import type { CallTap } from '@kav/core/host'
import { createAgentTrack } from './recording/agent-track.ts'
import { createCallWindow } from './recording/call-window.ts'
import { createCallerTrack } from './recording/caller-track.ts'
import { createSettledRelease } from './recording/settled-release.ts'
import { createStereoEncoder } from './recording/stereo-encoder.ts'
import { createWavFile, type InTurn } from './recording/wav-file.ts'
import { createWholeSamples } from './recording/whole-samples.ts'

/**
 * A stereo recording of one call: caller left, agent right, each where it was heard on one time line, at the sample
 * rate of the call. What may still change (for seconds) is in memory; the rest goes to the file in pieces, behind
 * the call's back.
 */
export interface RecordingTap extends CallTap {
  /** Resolves, after `close`, when the file is complete. Never rejects. */
  readonly written: Promise<RecordingFacts>
  /** Brings the file up to now on a line where nothing is heard, and gives the disk what waits. */
  advance(nowMs: number): void
  /** What is in the file by now, or waits to be. */
  facts(): RecordingFacts
}

/** What became of a recording. */
export interface RecordingFacts {
  /** Length of the file. */
  readonly ms: number
  /** When it begins: the beginning of the call, or before it. */
  readonly beginsMs: number
  /** Whether the file could not be written to its end. */
  readonly failed: boolean
  /** Sound that is not in it, each side for itself, in ms: `slow_disk`, `failed`, `too_large`, `out_of_time`. */
  readonly droppedMs: Readonly<Record<string, number>>
}

export type RecordingFormat = 'pcm16' | 'mulaw'

export interface RecordingOptions {
  /** Format of the call's audio, both sides. Default: the phone's own. */
  readonly callFormat?: AudioFormat
  /** Format of the file. Default `pcm16`, which every tool reads. */
  readonly kept?: RecordingFormat
  /** The time that the file begins with. Default: that of the first audio. */
  readonly startedAtMs?: number
  /** The time now. What the far end has not played when the call ends is no part of the call. Default: unknown. */
  readonly nowMs?: () => number
  /** How much of it may wait in memory for a slow disk. Default: half a minute of a phone call. */
  readonly maxWaitingBytes?: number
  /** Waits for a turn at the disk. Default: at once. */
  readonly inTurn?: InTurn
}

/** How long what was heard may still change: audio that was delayed for less finds its place. */
const SETTLED_AFTER_MS = 4000
/** How far ahead of now a frame can be played: the greatest lead, and a little. */
const AHEAD_MS = 1200
const PIECE_MS = 500
/** What is encoded at a time; small, because every call has its own room for it. */
const SLICE_MS = 100

export function createRecordingTap(
  file: string,
  onError: (error: unknown) => void,
  options: RecordingOptions = {},
): RecordingTap {
  const { callFormat = MULAW_8K, kept = 'pcm16' } = options
  const { sampleRateHz } = callFormat
  const format: AudioFormat = { encoding: kept === 'pcm16' ? 'linear16' : kept, sampleRateHz }
  const samples = (ms: number): number => Math.round((ms * sampleRateHz) / 1000)
  const settled = samples(SETTLED_AFTER_MS)
  const sliceSamples = samples(SLICE_MS)

  const encoder = createStereoEncoder(callFormat, format.encoding, sliceSamples)
  const { maxWaitingBytes, inTurn } = options
  const wav = createWavFile({ file, format, silence: encoder.silence, onError, maxWaitingBytes, inTurn })
  const window = createCallWindow(callFormat, -settled, settled + samples(PIECE_MS + AHEAD_MS))
  const caller = createCallerTrack(window, sampleRateHz / 1000)
  const agent = createAgentTrack(window)
  const wholeSamples = createWholeSamples(window.sampleBytes)
  const settledRelease = createSettledRelease({ window, encoder, wav, sliceSamples })
  const { release } = settledRelease
  let resolveWritten: (facts: RecordingFacts) => void = () => undefined
  const written = new Promise<RecordingFacts>((resolve) => {
    resolveWritten = resolve
  })
  let startMs = options.startedAtMs
  let outOfTime = 0
  let closed = false

  /** The position of a time; what lies far enough before it is released. */
  function reach(timeMs: number): number {
    startMs ??= timeMs
    const at = samples(timeMs - startMs)
    if (at - settled - window.from() >= samples(PIECE_MS)) release(at - settled)
    return at
  }

  function facts(): RecordingFacts {
    const ms = (count: number): number => Math.round((count * 1000) / sampleRateHz)
    const moments = (bytes: number): number => ms(bytes / encoder.silence.length)
    const { slowDisk, failed, tooLarge } = wav.dropped
    return {
      ms: moments(wav.dataBytes()),
      beginsMs: (settledRelease.begin() * 1000) / sampleRateHz,
      failed: wav.failed(),
      droppedMs: {
        slow_disk: moments(slowDisk),
        failed: moments(failed),
        too_large: moments(tooLarge),
        out_of_time: ms(outOfTime),
      },
    }
  }

  return {
    written,
    facts,
    advance(nowMs) {
      if (closed) return
      reach(nowMs)
      wav.flush()
    },
    onCallerAudio(audio, nowMs) {
      outOfTime += caller.put(wholeSamples(audio), reach(nowMs))
    },
    onAgentFrame(frame, playAtMs) {
      outOfTime += agent.put(frame, reach(playAtMs))
    },
    onCleared(nowMs) {
      agent.cut(reach(nowMs))
    },
    close() {
      if (closed) return
      closed = true
      if (options.nowMs && startMs !== undefined) agent.cut(samples(options.nowMs() - startMs))
      release(window.end())
      void wav.close().then(() => resolveWritten(facts()))
    },
  }
}
