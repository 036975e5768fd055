/**
 * Every place where the core meets a plugin, by its path (`stt.openSession`, `stt.openSession().events.next`), counted
 * as it is crossed. What `decide` gives for the nth crossing happens there in place of what the plugin would do.
 */
export type Fault =
  | { readonly way: 'throws' | 'rejects'; readonly value: unknown }
  | { readonly way: 'gives'; readonly value: unknown }
  | { readonly way: 'hangs' }

export type Decide = (place: string, nth: number) => Fault | undefined

export interface Crossings {
  /** Puts the crossings round the methods of a provider, in place. */
  guard(provider: object, name: string): void
  /** How often each place was crossed. */
  readonly counts: ReadonlyMap<string, number>
}

type Method = (...args: unknown[]) => unknown

export function createCrossings(decide: Decide): Crossings {
  const counts = new Map<string, number>()

  function cross(place: string, act: () => unknown): unknown {
    const nth = (counts.get(place) ?? 0) + 1
    counts.set(place, nth)
    const fault = decide(place, nth)
    if (fault === undefined) return around(act(), `${place}()`)
    if (fault.way === 'throws') throw fault.value
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- anything can be rejected with
    if (fault.way === 'rejects') return Promise.reject(fault.value)
    return fault.way === 'gives' ? fault.value : new Promise(() => undefined)
  }

  /** What a plugin gave: its own methods are crossings, too. */
  function around(given: unknown, place: string): unknown {
    if (given instanceof Promise) return given.then((value) => around(value, place))
    if (typeof given !== 'object' || given === null || ArrayBuffer.isView(given)) return given
    return hasMethods(given) ? proxied(given, place) : given
  }

  function proxied(target: object, place: string): object {
    return new Proxy(target, {
      get(_target, key): unknown {
        const value: unknown = Reflect.get(target, key, target)
        if (typeof value === 'function') {
          const name = key === Symbol.asyncIterator ? 'iterate' : String(key)
          if (key === Symbol.asyncIterator)
            return () => proxied((value as Method).call(target) as object, place)
          return (...args: unknown[]) =>
            cross(`${place}.${name}`, () => (value as Method).apply(target, args))
        }
        return typeof value === 'object' && value !== null && hasMethods(value)
          ? proxied(value, `${place}.${String(key)}`)
          : value
      },
    })
  }

  return {
    counts,
    guard(provider, name) {
      for (const [key, value] of Object.entries(provider) as [string, unknown][]) {
        if (typeof value !== 'function') continue
        const method = value.bind(provider) as Method
        Object.assign(provider, {
          [key]: (...args: unknown[]) => cross(`${name}.${key}`, () => method(...args)),
        })
      }
    },
  }
}

function hasMethods(value: object): boolean {
  if (Symbol.asyncIterator in value) return true
  return ['write', 'close', 'next', 'run', 'send'].some(
    (name) => typeof (value as Record<string, unknown>)[name] === 'function',
  )
}
