/** What the table in `frame-queue.ts` says, with plain arrays. */
export type ModelEntry =
  | { readonly kind: 'media'; readonly bytes: readonly number[] }
  | { readonly kind: 'control'; readonly id: number }

export interface FrameQueueModel {
  entries: ModelEntry[]
  waiting: { id: number; dueMs: number }[]
  ended: boolean
  /** Entries that came into the empty queue. */
  cameIntoEmpty: number
  counts: { written: number; read: number; discarded: number; controlsAboveBound: number }
}

export const CONTROL_WAIT_MS = 1000

export function createFrameQueueModel(maxFrames: number) {
  const model: FrameQueueModel = {
    entries: [],
    waiting: [],
    ended: false,
    cameIntoEmpty: 0,
    counts: { written: 0, read: 0, discarded: 0, controlsAboveBound: 0 },
  }
  const { counts } = model
  const full = (): boolean => model.entries.length >= maxFrames

  function add(entry: ModelEntry): void {
    if (model.entries.length === 0) model.cameIntoEmpty++
    model.entries.push(entry)
  }

  function enter(id: number): void {
    if (full()) counts.controlsAboveBound++
    add({ kind: 'control', id })
  }

  return {
    model,
    writeMedia(bytes: readonly number[]): boolean {
      if (model.ended) return false
      if (full() || model.waiting.length > 0) return false
      counts.written++
      add({ kind: 'media', bytes })
      return true
    },
    writeControl(id: number, nowMs: number): void {
      if (model.ended) return
      if (full() || model.waiting.length > 0) {
        model.waiting.push({ id, dueMs: nowMs + CONTROL_WAIT_MS })
      } else enter(id)
    },
    read(): ModelEntry | undefined {
      const entry = model.entries.shift()
      if (entry?.kind === 'media') counts.read++
      while (model.waiting.length > 0 && !full()) enter(model.waiting.shift()!.id)
      return entry
    },
    time(nowMs: number): void {
      while (model.waiting[0] && model.waiting[0].dueMs <= nowMs) enter(model.waiting.shift()!.id)
    },
    discard(): number[] {
      counts.discarded += model.entries.filter((entry) => entry.kind === 'media').length
      const controls = model.entries.flatMap((entry) => (entry.kind === 'control' ? [entry.id] : []))
      const all = [...controls, ...model.waiting.map(({ id }) => id)]
      model.entries = []
      model.waiting = []
      return all
    },
    end(): void {
      model.ended = true
      for (const { id } of model.waiting.splice(0)) enter(id)
    },
  }
}
