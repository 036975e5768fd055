import { getEventListeners } from 'node:events'
import { expect, until } from './contract-case.ts'

/** A signal that is lent, and the listeners on it. */
export interface ListenedSignal {
  readonly signal: AbortSignal
  /** That the provider has taken off what it put on. `what`: the use that the signal was lent for, which is over. */
  expectNoneLeft(what: string, ms: number): Promise<void>
}

/** Sees who listens to a signal. What Node.js puts on for itself (`fetch` does) goes with what it was put on for. */
export function listenedSignal(): ListenedSignal {
  const { signal } = new AbortController()
  const places = new Map<unknown, string>()
  const add = signal.addEventListener.bind(signal)
  const noting = (...given: Parameters<typeof add>): void => {
    const place = placeOf(new Error())
    if (place !== undefined) places.set(given[1], place)
    add(...given)
  }
  Object.defineProperty(signal, 'addEventListener', { value: noting })
  const left = () => getEventListeners(signal, 'abort').flatMap((listener) => places.get(listener) ?? [])
  return {
    signal,
    async expectNoneLeft(what, ms) {
      await until(() => left().length === 0, ms, '').catch(() => {})
      const found = left()
      const told = `${found.length} are left, one put on ${found[0]}`
      expect(found.length === 0, `no listener on the signal once ${what}`, told)
    },
  }
}

/** The line that listens; undefined where it is Node.js. */
function placeOf({ stack = '' }: Error): string | undefined {
  const caller = stack.split('\n')[2]
  return caller === undefined || caller.includes('node:') ? undefined : caller.trim()
}
