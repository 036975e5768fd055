/**
 * The way back to the worker that took a call's webhook stands in the path of its stream: `/twilio/media/w2`. A
 * carrier's stream URL has no query, and its signature covers the path. A slot is a worker's place in the service:
 * one that died is followed by another in the same slot.
 */
export function pathToSlot(path: string, slot: number): string {
  return `${path.replace(/\/$/, '')}/w${slot}`
}

/** The path that stands before it: a process with fewer workers, or with none, takes such a stream, too. */
export function pathBeforeSlot(path: string): string {
  return path.replace(/\/w\d{1,3}$/, '') || '/'
}
