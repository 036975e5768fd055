import { messageOf } from '@kav/core'

/** What the log tells of a thrown value; nothing in it can throw, and nothing is without bound. */
export interface ThrownFacts {
  readonly error: string
  readonly code?: string
  readonly stack?: string
}

const STACK_MAX = 4000

export function describeThrown(thrown: unknown): ThrownFacts {
  const code = textField(thrown, 'code')
  const stack = stackOf(thrown)
  return {
    error: messageOf(thrown),
    ...(code === undefined ? {} : { code }),
    ...(stack === '' ? {} : { stack: stack.slice(0, STACK_MAX) }),
  }
}

/** Empty when there is none. */
export function stackOf(thrown: unknown): string {
  return textField(thrown, 'stack') ?? ''
}

function textField(thrown: unknown, name: 'code' | 'stack'): string | undefined {
  try {
    const value = (thrown as Record<string, unknown> | null | undefined)?.[name]
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
