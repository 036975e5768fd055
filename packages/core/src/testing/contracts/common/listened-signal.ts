import { getEventListeners } from 'node:events'
import { expect, until } from './contract-case.ts'

/** A signal that is lent, and the listeners on it. */
export interface ListenedSignal {
  readonly signal: AbortSignal
  /** That the provider has taken off what it put on. `what`: the use that the signal was lent for, which is over. */
  expectNoneLeft(what: string, ms: number): Promise<void>
}

/**
 * What `fetch` and `util.aborted` put on holds nothing and is swept away with the request it was put on for, by the
 * garbage collector: nobody can take it off.
 */
const SWEPT = /node:internal\/deps\/undici|node:internal\/abort_controller|[/\\]undici[/\\]lib[/\\]web[/\\]/

/** Sees who listens to a signal: by a listener, `onabort`, or with the help of Node.js (`once`, `addAbortListener`). */
export function listenedSignal(): ListenedSignal {
  const { signal } = new AbortController()
  const places = new Map<unknown, string | undefined>()
  const add = signal.addEventListener.bind(signal)
  const noting = (...given: Parameters<typeof add>): void => {
    places.set(given[1], placeOf(new Error()))
    add(...given)
  }
  Object.defineProperty(signal, 'addEventListener', { value: noting })
  const left = () =>
    getEventListeners(signal, 'abort').flatMap((listener) =>
      places.has(listener) ? (places.get(listener) ?? []) : ['by EventTarget.prototype.addEventListener'],
    )
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

/** The line that listens, if need be in the code that has Node.js listen; undefined where it is swept away. */
function placeOf({ stack = '' }: Error): string | undefined {
  const frames = stack.split('\n').slice(2)
  if (SWEPT.test(frames[0] ?? '')) return undefined
  return (frames.find((frame) => !/node:|new Promise/.test(frame)) ?? frames[0] ?? 'by Node.js').trim()
}
