import type { HeardAudio } from '../../contracts/realtime.ts'
import { asWritten } from '../../language/spoken-form/rules/spoken-text.ts'
import { createUtterance, type MutedIn } from '../replying/utterance.ts'

/** One item of the model's speech: its words, and where its audio lies on the way to the caller. */
export interface SpokenItem {
  readonly id: string
  text: string
  /** Received, in the session's format. */
  receivedMs: number
  /** Position of its first frame on the line. */
  startMs: number | undefined
  /** How much of it has its place on the line. */
  placedMs: number
  /** Where something else lies in the middle of it, such as tones. */
  readonly breaks: Break[]
  /** No more of its audio will come. */
  complete: boolean
}

interface Break {
  readonly atMs: number
  readonly ms: number
}

/** The next of its audio lies from this position on. */
export function placeItem(item: SpokenItem, atMs: number, lengthMs: number): void {
  item.startMs ??= atMs
  const behindMs = atMs - item.breaks.reduce((sum, { ms }) => sum + ms, item.startMs + item.placedMs)
  if (behindMs > 0) item.breaks.push({ atMs: atMs - behindMs, ms: behindMs })
  item.placedMs += lengthMs
}

/** The position as it would be if nothing lay in the middle of the item. */
function unbroken({ breaks }: SpokenItem, positionMs: number): number {
  return breaks.reduce(
    (left, { atMs, ms }) => left - Math.max(0, Math.min(ms, positionMs - atMs)),
    positionMs,
  )
}

/** What an item says, and those of its words that the caller heard. */
export interface SaidItem {
  readonly itemId: string
  readonly text: string
  readonly heard: string
}

/** The items that are waiting, playing, or may still be asked about; oldest first. */
export interface SpokenItems {
  of(id: string): SpokenItem
  /** The newest with audio. */
  open(): SpokenItem | undefined
  /** All audio that has come so far is all there is. */
  complete(): void
  /** Which item the caller heard up to this position, and how much of it. */
  heardAt(positionMs: number): HeardAudio | undefined
  /** Everything before this position was heard and will not be asked about again; returns what was, where some was muted. */
  forgetHeard(heardMs: number): string | undefined
  /** The caller heard up to `heardMs`, the wire had got up to `sentMs`: what was said. Forgets all. */
  cut(at: { readonly heardMs: number; readonly sentMs: number }): readonly SaidItem[]
}

/** An answer is of a few; beyond so many the oldest is not asked about any more. */
const MAX_ITEMS = 256

export function createSpokenItems(mutedIn?: MutedIn): SpokenItems {
  let items: SpokenItem[] = []
  return {
    of(id) {
      const last = items.at(-1)
      const known = last?.id === id ? last : items.find((item) => item.id === id)
      if (known) return known
      const item: SpokenItem = {
        id,
        text: '',
        receivedMs: 0,
        startMs: undefined,
        placedMs: 0,
        breaks: [],
        complete: false,
      }
      if (items.length === MAX_ITEMS) items.shift()
      items.push(item)
      return item
    },
    open: () => items.findLast((item) => item.receivedMs > 0),
    complete() {
      for (const item of items) item.complete ||= item.receivedMs > 0
    },
    heardAt(positionMs) {
      const item = items.findLast((known) => known.startMs !== undefined && known.startMs < positionMs)
      if (!item) return undefined
      const intoMs = unbroken(item, positionMs) - item.startMs!
      return { itemId: item.id, heardMs: Math.min(intoMs, item.receivedMs) }
    },
    forgetHeard(heardMs) {
      const isOpen = (item: SpokenItem): boolean => {
        const { startMs, receivedMs, complete } = item
        return startMs === undefined || !complete || startMs + receivedMs > unbroken(item, heardMs)
      }
      const over = items.filter((item) => !isOpen(item))
      items = items.filter(isOpen)
      const said = over.map((item) => saidOf(item, { heardMs, sentMs: heardMs }, mutedIn))
      if (said.every(({ text, heard }) => text === heard)) return undefined
      return said.flatMap(({ heard }) => (heard === '' ? [] : [heard])).join(' ')
    },
    cut({ heardMs, sentMs }) {
      const said = items.map((item) => saidOf(item, { heardMs, sentMs }, mutedIn))
      items = []
      return said
    },
  }
}

/** The item's words, and those of them that lie before `heardMs`. */
function saidOf(
  item: SpokenItem,
  { heardMs, sentMs }: { readonly heardMs: number; readonly sentMs: number },
  mutedIn: MutedIn | undefined,
) {
  const { id, text, startMs, receivedMs, complete } = item
  const utterance = createUtterance(mutedIn)
  const clause = utterance.add(asWritten(text.trim()))
  if (startMs !== undefined) utterance.begin(clause, startMs)
  // The words run ahead of the audio: only the whole of it tells their pace.
  if (startMs !== undefined && complete) utterance.end(clause, startMs + receivedMs)
  utterance.cut(unbroken(item, heardMs), unbroken(item, sentMs))
  return { itemId: id, text: text.trim(), heard: utterance.heard() }
}
