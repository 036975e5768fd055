import type { SttEvent } from '@kav/core'
import { MAX_TEXT_CHARS } from '../foreign-fields.ts'

/**
 * Puts the transcripts of one session in the order of their audio. The server transcribes each committed item on its
 * own, so a short item may be done before a long one that was said earlier; partials and finals come out for the
 * earliest unfinished item only.
 */
export interface TranscriptOrder {
  /** An item is being spoken. */
  started(itemId: string): void
  /** The item's audio ends here. */
  ended(itemId: string, endMs: number | undefined): void
  /**
   * The item's audio is complete; a transcript will follow. Earlier items that never got this far are forgotten.
   * `endMs` is asked when nobody has said where the item ends.
   */
  committed(itemId: string, endMs: () => number | undefined): void
  delta(itemId: string, text: string): void
  completed(itemId: string, text: string, confidence?: number): void
  /** Gives up on the items that hold back a finished one. Returns how many. */
  skipMissing(): number
  /** A finished item is waiting for an earlier one. */
  readonly blocked: boolean
  /** Items whose transcript is still to come. */
  readonly pending: number
}

interface Item {
  readonly id: string
  text: string
  endMs: number | undefined
  confidence: number | undefined
  state: 'spoken' | 'committed' | 'completed'
}

export function createTranscriptOrder(
  language: string | undefined,
  emit: (event: SttEvent) => void,
): TranscriptOrder {
  let items: Item[] = []
  const told = language === undefined ? {} : { language }

  function itemOf(id: string): Item {
    let item = items.find((candidate) => candidate.id === id)
    if (!item) {
      item = { id, text: '', endMs: undefined, confidence: undefined, state: 'spoken' }
      items.push(item)
    }
    return item
  }

  function emitPartial(item: Item): void {
    const text = item.text.trim()
    if (text !== '') emit({ type: 'partial', text, ...told })
  }

  function deliver(): void {
    for (let head = items[0]; head?.state === 'completed'; head = items[0]) {
      items.shift()
      emit({
        type: 'final',
        text: head.text.trim(),
        ...(head.endMs === undefined ? {} : { endMs: head.endMs }),
        ...(head.confidence === undefined ? {} : { confidence: head.confidence }),
        ...told,
      })
      const next = items[0]
      if (next && next.state !== 'completed') emitPartial(next)
    }
  }

  return {
    started: (id) => void itemOf(id),
    ended(id, endMs) {
      itemOf(id).endMs ??= endMs
    },
    committed(id, endMs) {
      const item = itemOf(id)
      item.endMs ??= endMs()
      if (item.state === 'spoken') item.state = 'committed'
      const at = items.indexOf(item)
      items = items.filter((candidate, index) => index >= at || candidate.state !== 'spoken')
      deliver()
    },
    delta(id, text) {
      const item = itemOf(id)
      if (item.state === 'completed' || text === '' || item.text.length > MAX_TEXT_CHARS) return
      item.text += text
      if (items[0] === item) emitPartial(item)
    },
    completed(id, text, confidence) {
      const item = itemOf(id)
      item.text = text
      item.confidence = confidence
      item.state = 'completed'
      deliver()
    },
    skipMissing() {
      const at = items.findIndex((item) => item.state === 'completed')
      const missing = Math.max(0, at)
      items.splice(0, missing)
      deliver()
      return missing
    },
    get blocked() {
      return items.some((item) => item.state === 'completed')
    },
    get pending() {
      return items.filter((item) => item.state === 'committed').length
    },
  }
}
