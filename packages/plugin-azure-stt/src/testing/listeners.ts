import { decodeMulaw } from '@kav/core'
import type { HeardFrame } from './numbered-frames.ts'
import type { RecognitionScript } from './recognition-script.ts'

const FRAME_MS = 20
/** Root mean square from which a frame counts as voice, voice that makes a partial, silence that makes a final. */
const VOICE_RMS = 400
const ONSET_MS = 100
const PAUSE_MS = 400

/** Words a listener understood: `startMs` to `endMs` of the turn's audio. */
export interface Understood {
  readonly final: boolean
  readonly text: string
  readonly startMs: number
  readonly endMs: number
  /** Of a final: when each word was said. */
  readonly words?: readonly UnderstoodWord[]
}

export interface UnderstoodWord {
  readonly word: string
  readonly startMs: number
  readonly endMs: number
}

/** Makes words of frames. */
export interface Listener {
  hear(frame: Uint8Array, heard: HeardFrame): void
  /** No more audio: closes the open segment. */
  flush(): void
}

export function createListener(script: RecognitionScript, say: (words: Understood) => void): Listener {
  if (script.understand !== undefined) return createWordListener(script.understand, say)
  if (script.utterances !== undefined) return createUtteranceListener(script.utterances, say)
  return { hear: () => undefined, flush: () => undefined }
}

/** Words of numbered frames: one that lacks a frame is not heard, so a transcript without gaps proves them all. */
function createWordListener(
  options: { readonly framesPerWord: number; readonly wordsPerFinal: number },
  say: (words: Understood) => void,
): Listener {
  const { framesPerWord, wordsPerFinal } = options
  let words: UnderstoodWord[] = []
  let nowMs = 0
  let run = 0
  let last = -1

  function tell(final: boolean): void {
    const text = words.map(({ word }) => word).join(' ')
    if (words.length > 0) say({ final, text, startMs: words[0]!.startMs, endMs: nowMs, words })
    if (final) words = []
  }

  return {
    hear(_frame, heard) {
      if (typeof heard !== 'number') {
        tell(true)
        nowMs += FRAME_MS
        run = 0
        last = -1
        return
      }
      nowMs += FRAME_MS
      run = heard % framesPerWord === 0 ? 1 : heard === last + 1 && run > 0 ? run + 1 : 0
      last = heard
      if (run < framesPerWord) return
      run = 0
      const startMs = nowMs - framesPerWord * FRAME_MS
      words.push({ word: `w${Math.floor(heard / framesPerWord)}`, startMs, endMs: nowMs })
      tell(words.length >= wordsPerFinal)
    },
    flush() {
      tell(true)
    },
  }
}

/** Knows when somebody speaks but not what: every utterance of real audio is one of `texts`, in turn. */
function createUtteranceListener(texts: readonly string[], say: (words: Understood) => void): Listener {
  let nowMs = 0
  let startMs = 0
  let voicedMs = 0
  let silentMs = 0
  let count = 0
  let speaking = false

  function tell(final: boolean): void {
    say({ final, text: texts[count % texts.length] ?? '', startMs, endMs: nowMs })
    if (!final) return
    speaking = false
    voicedMs = 0
    count += 1
  }

  return {
    hear(frame) {
      nowMs += FRAME_MS
      const voiced = rms(frame) >= VOICE_RMS
      voicedMs = voiced ? voicedMs + FRAME_MS : Math.max(0, voicedMs - FRAME_MS)
      silentMs = voiced ? 0 : silentMs + FRAME_MS
      if (!speaking && voicedMs >= ONSET_MS) {
        speaking = true
        startMs = nowMs - ONSET_MS
        tell(false)
      }
      if (speaking && silentMs >= PAUSE_MS) tell(true)
    },
    flush() {
      if (speaking) tell(true)
    },
  }
}

function rms(frame: Uint8Array): number {
  const samples = decodeMulaw(frame)
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / samples.length)
}
