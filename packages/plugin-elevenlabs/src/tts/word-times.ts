import type { TtsWordTime } from '@kav/core'
import type { JsonMessage } from '@kav/core/kit'

/** Characters and when each begins, of one piece of audio. */
export interface Alignment {
  readonly chars: readonly string[]
  readonly startsMs: readonly number[]
}

export interface WordTimes {
  /** The next characters; their piece of audio begins `offsetMs` after the first byte of the speech. */
  add(alignment: Alignment, offsetMs: number): void
  /** No more come: the last word is whole. */
  end(): void
}

/** Words out of characters. ElevenLabs cuts its pieces anywhere, also inside a word. */
export function createWordTimes(onWord: (time: TtsWordTime) => void): WordTimes {
  let word = ''
  let startMs = 0
  const end = (): void => {
    if (word !== '') onWord({ word, startMs: Math.round(startMs) })
    word = ''
  }
  return {
    add({ chars, startsMs }, offsetMs) {
      for (const [index, char] of chars.entries()) {
        if (/^\s*$/.test(char)) end()
        else {
          if (word === '') startMs = offsetMs + startsMs[index]!
          word += char
        }
      }
    },
    end,
  }
}

/** `alignment` of a socket's message, in milliseconds; `undefined`: none, or not what it should be. */
export function alignmentOf(value: unknown): Alignment | undefined {
  const { chars, charStartTimesMs } = fieldsOf(value)
  return checked(chars, charStartTimesMs, 1)
}

/** `alignment` of a request's answer, in seconds. */
export function alignmentInSeconds(value: unknown): Alignment | undefined {
  const { characters, character_start_times_seconds } = fieldsOf(value)
  return checked(characters, character_start_times_seconds, 1000)
}

function checked(chars: unknown, starts: unknown, factor: number): Alignment | undefined {
  if (!Array.isArray(chars) || !Array.isArray(starts) || chars.length !== starts.length) return undefined
  if (!chars.every((char) => typeof char === 'string')) return undefined
  if (!starts.every((at) => typeof at === 'number' && at >= 0 && at < 1e7)) return undefined
  return { chars: chars, startsMs: (starts as number[]).map((at) => at * factor) }
}

function fieldsOf(value: unknown): JsonMessage {
  return typeof value === 'object' && value !== null ? (value as JsonMessage) : {}
}
