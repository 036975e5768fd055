import type { SttEvent, SttWord } from '../../../contracts/stt.ts'

/** Where a recogniser stands that hears the caller later than they spoke. */
export interface HeardLater {
  readonly delayMs: number
}

/** What a recogniser says, with the times of the caller's own audio. */
export function denoisedEvents(events: AsyncIterable<SttEvent>, later: HeardLater): AsyncIterable<SttEvent> {
  return {
    [Symbol.asyncIterator]() {
      const said = events[Symbol.asyncIterator]()
      return {
        async next() {
          const result = await said.next()
          return result.done ? result : { done: false, value: inCallersTime(result.value, later) }
        },
        async return(value?: unknown) {
          await said.return?.(value)
          return { done: true, value: undefined }
        },
      }
    },
  }
}

/** What is no event, or has no times, stays as it is: the core judges it. */
function inCallersTime(event: SttEvent, later: HeardLater): SttEvent {
  switch (event?.type) {
    case 'speech-started':
    case 'speech-stopped':
    case 'turn-ended':
    case 'turn-resumed':
      return event.atMs === undefined ? event : { ...event, atMs: earlier(event.atMs, later) }
    case 'partial':
      return event.words === undefined ? event : { ...event, words: wordsEarlier(event.words, later) }
    case 'final': {
      const end = event.endMs === undefined ? {} : { endMs: earlier(event.endMs, later) }
      const words = event.words === undefined ? {} : { words: wordsEarlier(event.words, later) }
      return { ...event, ...end, ...words }
    }
    default:
      return event
  }
}

function wordsEarlier(words: readonly SttWord[], later: HeardLater): readonly SttWord[] {
  if (!Array.isArray(words)) return words
  return (words as readonly SttWord[]).map((word) =>
    typeof word === 'object' && word !== null
      ? { ...word, startMs: earlier(word.startMs, later), endMs: earlier(word.endMs, later) }
      : word,
  )
}

function earlier(ms: number, { delayMs }: HeardLater): number {
  return typeof ms === 'number' && ms >= 0 ? Math.max(0, ms - delayMs) : ms
}
