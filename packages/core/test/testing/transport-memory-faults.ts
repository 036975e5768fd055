import type { TransportCall, TransportProvider } from '../../src/index.ts'
import type { Breaks } from './promise-table.ts'

type Change = (provider: TransportProvider) => TransportProvider

/** Lines that know one call from another, and carriers that never answer. */
export function breaksTransportMemory(
  breaks: Breaks<'transport'>,
  withCall: (change: (call: TransportCall) => Partial<TransportCall>) => Change,
  fails: (change: Change, caseName: string, message: RegExp) => Promise<void>,
): void {
  breaks('later', 'a third call whose media is dropped', () => {
    let calls = 0
    return fails(
      withCall((call) =>
        ++calls > 2 ? { open: (to) => call.open({ ...to, onMedia: () => undefined }) } : {},
      ),
      'calls one after the other',
      /bytes of media in call 3, not 0/,
    )
  })
  breaks('later', 'params of the call before', () => {
    let before: TransportCall['params'] = {}
    return fails(
      withCall(({ params }) => ({ params: (before = { ...before, ...params }) })),
      'the params of a call',
      /they hold what the call before was given/,
    )
  })
  breaks('transfer', 'a transfer that never settles', () =>
    fails(
      withCall(() => ({ transfer: () => new Promise(() => undefined) })),
      'a call is handed over',
      /transfer to settle/,
    ),
  )
  breaks('transfer', 'a transfer that fails with a plain error', () =>
    fails(
      withCall(() => ({ transfer: () => Promise.reject(new TypeError('sid is undefined')) })),
      'a call is handed over',
      /it was TypeError: sid is undefined/,
    ),
  )
  breaks('places', 'an order for a call that fails with a plain error', () =>
    fails(
      (provider) => ({ ...provider, place: () => Promise.reject(new TypeError('sid is undefined')) }),
      'a call is placed',
      /it was TypeError: sid is undefined/,
    ),
  )
  breaks('places', 'an order for a call without its id', () =>
    fails(
      (provider) => ({ ...provider, place: () => Promise.resolve({ id: '' }) }),
      'a call is placed',
      /the id that the call will have/,
    ),
  )
}
