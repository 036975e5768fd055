import { decodeMulaw } from '@kav/core'

/** Root mean square from which a frame counts as voice. */
const VOICE_RMS = 400
/** Voice this long makes a partial, silence this long a final. */
const ONSET_MS = 100
const PAUSE_MS = 400
const FRAME_MS = 20

export interface HeardUtterance {
  readonly atMs: number
  readonly final: boolean
  readonly text: string
}

/**
 * A recogniser that knows when somebody speaks but not what: every utterance of real audio is one of `texts`, in
 * turn. For whole calls with recorded callers.
 */
export function createUtteranceListener(
  texts: readonly string[],
  say: (heard: HeardUtterance) => void,
): { hear(frame: Uint8Array): void; flush(): void } {
  let atMs = 0
  let voicedMs = 0
  let silentMs = 0
  let count = 0
  let speaking = false

  function close(): void {
    if (!speaking) return
    say({ atMs, final: true, text: texts[count % texts.length] ?? '' })
    speaking = false
    count += 1
  }

  return {
    hear(frame) {
      atMs += FRAME_MS
      const voiced = rms(frame) >= VOICE_RMS
      voicedMs = voiced ? voicedMs + FRAME_MS : Math.max(0, voicedMs - FRAME_MS)
      silentMs = voiced ? 0 : silentMs + FRAME_MS
      if (!speaking && voicedMs >= ONSET_MS) {
        speaking = true
        say({ atMs, final: false, text: texts[count % texts.length] ?? '' })
      }
      if (speaking && silentMs >= PAUSE_MS) {
        voicedMs = 0
        close()
      }
    },
    flush: close,
  }
}

function rms(frame: Uint8Array): number {
  const samples = decodeMulaw(frame)
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / samples.length)
}
