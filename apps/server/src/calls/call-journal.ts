import { type Clock, messageOf } from '@kav/core'
import type { RedactedEvent } from '@kav/core/host'
import type { Storage } from '../process/storage.ts'
import { createJournalFile } from './journal-file.ts'
import { eventLine, gapLine, headLine, type JournalHead, timeLine } from './journal-lines.ts'

/**
 * What the next process needs of a call whose own process did not see its end. It grows beside the call and is taken
 * away when the call's record is written; a call never waits for it.
 */
export interface CallJournal {
  onEvent(event: RedactedEvent): void
  /** The call still runs. */
  alive(atMs: number): void
  /** The call's files are there: nothing is left to complete. Never rejects. */
  remove(): Promise<void>
  /** What waits is written, and the file stays for the next start. Never rejects. */
  leave(): Promise<void>
  /** Why it could not be written; `undefined` as long as it can. */
  error(): string | undefined
}

/** So much of a call's last moments may be missing, so often at most is a file written. */
const WRITE_EVERY_MS = 1000
/** As much as hours of talk. What comes after is in the record, but not here. */
export const MAX_JOURNAL_BYTES = 4 * 1024 * 1024
/** What may wait for a disk that is slow. */
const MAX_WAITING_BYTES = 64 * 1024

export const JOURNAL_ENDING = '.journal'

export function openCallJournal(options: {
  /** Of the call's files, without an ending. */
  base: string
  head: JournalHead
  storage: Storage
  clock: Clock
  /** Told once. */
  onError: () => void
  maxBytes?: number
}): CallJournal {
  const { base, head, storage, clock, maxBytes = MAX_JOURNAL_BYTES } = options
  const file = createJournalFile(`${base}${JOURNAL_ENDING}`)
  let waiting = headLine(head)
  let waitingBytes = 0
  let takenBytes = 0
  let gap = false
  let closed = false
  let error: string | undefined
  let cancelTimer: (() => void) | undefined
  /** One write at a time: the next begins a while after the last. */
  let writing: Promise<void> | undefined

  function put(text: string): void {
    // A call that was cut short tells of its end when its files are there: that would make a journal anew.
    if (error !== undefined || closed) return
    const bytes = Buffer.byteLength(text)
    const full = takenBytes + bytes > maxBytes || waitingBytes + bytes > MAX_WAITING_BYTES
    if (full && gap) return
    gap = full
    waiting += full ? gapLine() : text
    waitingBytes += bytes
    takenBytes += bytes
    schedule()
  }

  function schedule(): void {
    if (writing !== undefined || cancelTimer !== undefined) return
    cancelTimer = clock.after(WRITE_EVERY_MS, () => {
      cancelTimer = undefined
      void write()
    })
  }

  function write(): Promise<void> {
    if (waiting === '' || error !== undefined) return Promise.resolve()
    const text = waiting
    waiting = ''
    waitingBytes = 0
    writing = storage
      .run(() => file.append(text))
      .catch(fail)
      .finally(() => {
        writing = undefined
        if (waiting !== '' && !closed) schedule()
      })
    return writing
  }

  function fail(thrown: unknown): void {
    if (error !== undefined) return
    error = messageOf(thrown)
    waiting = ''
    options.onError()
  }

  async function close(remove: boolean): Promise<void> {
    closed = true
    if (remove) waiting = ''
    await begun
    await writing
    cancelTimer?.()
    cancelTimer = undefined
    await write()
    await storage.letGo(() => file.close(remove)).catch(fail)
  }

  // Behind the call's first event, with its numbers: a call that is killed in its first second was a call, too.
  const begun = Promise.resolve().then(write)

  return {
    onEvent(event) {
      const text = eventLine(event, head.kept.transcript)
      if (text !== undefined) put(text)
    },
    alive: (atMs) => put(timeLine(atMs)),
    remove: () => close(true),
    leave: () => close(false),
    error() {
      return error
    },
  }
}
