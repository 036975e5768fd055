/** 100 ns. */
const TICKS_PER_MS = 10_000
/** A day: longer than any session. */
const MAX_MS = 86_400_000

/**
 * An offset or a duration of the service as milliseconds; `undefined` for what cannot be one. The SDK hands on what
 * the service's JSON held, whatever its types say.
 */
export function ticksToMs(ticks: unknown): number | undefined {
  if (typeof ticks !== 'number') return undefined
  const ms = ticks / TICKS_PER_MS
  return ms >= 0 && ms <= MAX_MS ? ms : undefined
}
