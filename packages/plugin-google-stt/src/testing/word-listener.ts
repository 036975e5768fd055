import type { HeardFrame } from './heard-stream.ts'

export interface HeardWords {
  /** Offset in the stream's audio at which this was understood. */
  readonly atMs: number
  readonly final: boolean
  readonly text: string
  /** Of a final: when each word was said, in the stream's audio. */
  readonly words?: readonly HeardWord[]
}

export interface HeardWord {
  readonly word: string
  readonly startMs: number
  readonly endMs: number
}

/**
 * A recogniser of numbered frames. A word is heard only when all of its frames arrived in order, so a transcript
 * without gaps proves that no frame was lost, and one without repeats that none came twice.
 */
export function createWordListener(
  options: { readonly framesPerWord: number; readonly wordsPerFinal: number },
  say: (words: HeardWords) => void,
): { hear(frame: HeardFrame): void; flush(): void } {
  const { framesPerWord, wordsPerFinal } = options
  let segment: HeardWord[] = []
  let run = 0
  let last = -1
  let atMs = 0

  function close(): void {
    if (segment.length > 0) say({ atMs, final: true, text: textOf(segment), words: segment })
    segment = []
  }

  return {
    hear(frame) {
      atMs += 20
      if (typeof frame !== 'number') {
        run = 0
        last = -1
        close()
        return
      }
      run = frame % framesPerWord === 0 ? 1 : frame === last + 1 && run > 0 ? run + 1 : 0
      last = frame
      if (run < framesPerWord) return
      run = 0
      const startMs = atMs - framesPerWord * 20
      segment.push({ word: `w${Math.floor(frame / framesPerWord)}`, startMs, endMs: atMs })
      if (segment.length >= wordsPerFinal) close()
      else say({ atMs, final: false, text: textOf(segment) })
    },
    flush: close,
  }
}

function textOf(segment: readonly HeardWord[]): string {
  return segment.map(({ word }) => word).join(' ')
}
