import type { CallChange, LiveCall } from '@kav/client'

/** A call that is told again, with another state, takes its own place. */
export function afterChange(calls: readonly LiveCall[], { type, call }: CallChange): readonly LiveCall[] {
  const others = calls.filter(({ id }) => id !== call.id)
  return type === 'began' ? newestFirst([...others, call]) : others
}

export function newestFirst(calls: readonly LiveCall[]): readonly LiveCall[] {
  return [...calls].sort((one, other) => other.startedAt.localeCompare(one.startedAt))
}
