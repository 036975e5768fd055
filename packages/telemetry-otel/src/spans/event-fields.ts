import type { CallEvent } from '@kav/core/host'

/** A whole number of ms among the event's fields. */
export function msOf({ fields }: CallEvent, name: string): number | undefined {
  const value = fields[name]
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : undefined
}

export function textOf({ fields }: CallEvent, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' ? value : undefined
}

export function privateTextOf(event: CallEvent, name: string): string | undefined {
  const value = event.private[name]
  return typeof value === 'string' ? value : undefined
}

/** The turn that an event names. */
export function turnOf({ fields }: CallEvent): number | undefined {
  const { turn } = fields
  return typeof turn === 'number' && Number.isSafeInteger(turn) ? turn : undefined
}

/** What may stand at a span's event: no private field, no list, no stack. */
export function plainFields({ fields }: CallEvent): Record<string, string | number | boolean> {
  const plain: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'stack') continue
    if (typeof value === 'string' || typeof value === 'boolean') plain[name] = value
    else if (typeof value === 'number' && Number.isFinite(value)) plain[name] = value
  }
  return plain
}

export function within(ms: number, leastMs: number, mostMs: number): number {
  return Math.min(mostMs, Math.max(leastMs, ms))
}
