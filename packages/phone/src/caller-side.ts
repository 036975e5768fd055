import { FRAME_MS } from '@kav/core'
import type { CallRecording } from './call-recording.ts'
import { createCallerLine, type CallerLine } from './caller-line.ts'
import { createCallerVoice } from './caller-voice.ts'
import type { Clip } from './clip.ts'
import type { PhoneEventBody } from './phone-event.ts'

/** The caller's half of a call: one frame every 20 ms on an absolute clock, voice or silence, through the line. */
export interface CallerSide {
  /** The first frame is complete at this time. */
  begin(firstFrameMs: number): void
  /** Captures every frame that is complete by now, and sends what the line lets through. */
  run(nowMs: number): void
  /** When `run` has next something to do. */
  readonly nextDueMs: number
  say(clip: Clip): Promise<boolean>
  loop(clip: Clip | undefined): void
  /** No media until then; `Infinity`: until the next `say`. */
  silenceUntil(untilMs: number): void
  readonly line: CallerLine
  /** Nothing more will be said. */
  stop(): void
}

export interface CallerSideOptions {
  readonly send: (timestampMs: number, payload: string) => void
  readonly tell: (event: PhoneEventBody, atMs: number) => void
  readonly random: () => number
  readonly recording: CallRecording | undefined
}

const SAMPLES_PER_MS = 8

export function createCallerSide({ send, tell, random, recording }: CallerSideOptions): CallerSide {
  /** When the next frame is complete: its audio is that of the 20 ms before. */
  let nextFrameMs = Infinity
  let silentUntilMs = -Infinity
  const line = createCallerLine(send, random)
  const voice = createCallerVoice({
    onStarted(clip) {
      const startMs = nextFrameMs - FRAME_MS
      const voicedStartMs = startMs + clip.voicedStartMs
      const meant = clip.meant && { meant: clip.meant }
      tell({ type: 'caller-speech-started', clip: clip.name, voicedStartMs, ...meant }, startMs)
    },
    onEnded(clip) {
      const voicedEndMs = nextFrameMs - clip.durationMs + clip.voicedEndMs
      tell({ type: 'caller-speech-ended', clip: clip.name, voicedEndMs }, nextFrameMs)
    },
  })

  return {
    begin(firstFrameMs) {
      nextFrameMs = firstFrameMs
    },
    run(nowMs) {
      line.flush(nowMs)
      for (; nextFrameMs <= nowMs; nextFrameMs += FRAME_MS) {
        if (nextFrameMs < silentUntilMs) continue
        const payload = voice.next()
        recording?.write('caller', Math.round((nextFrameMs - FRAME_MS) * SAMPLES_PER_MS), voice.lastFrame)
        line.push(nowMs, Math.round(nextFrameMs), payload)
      }
    },
    get nextDueMs() {
      return Math.min(nextFrameMs, line.nextDueMs)
    },
    say(clip) {
      if (silentUntilMs === Infinity) silentUntilMs = -Infinity
      return voice.say(clip)
    },
    loop: (clip) => voice.loop(clip),
    silenceUntil(untilMs) {
      silentUntilMs = untilMs
    },
    line,
    stop: () => voice.stop(),
  }
}
