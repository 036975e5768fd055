import type { OfferedCall, TransportCall, TransportHost, TransportProvider } from '../../src/index.ts'
import type { Breaks } from './promise-table.ts'

type Change = (provider: TransportProvider) => TransportProvider

/** Lines that are wrong with what they ask of their network, and with what they believe of it. */
export function breaksTransportCarrier(
  breaks: Breaks<'transport'>,
  withCall: (change: (call: TransportCall) => Partial<TransportCall>) => Change,
  fails: (change: Change, caseName: string, message: RegExp) => Promise<void>,
): void {
  const withHost =
    (change: (host: TransportHost) => Partial<TransportHost>): Change =>
    (provider) => ({ ...provider, attach: (host) => provider.attach({ ...host, ...change(host) }) })
  const handedOver = 'a call is handed over'
  const placed = 'a call is placed'

  breaks('values', 'values that do not come with their call', () =>
    fails(
      withCall(() => ({ params: {} })),
      'the params of a call',
      /the values of the call among its params; these are not: word/,
    ),
  )
  breaks('transferred', 'a call that was handed over told as hung up by the agent', () =>
    fails(
      withCall((call) => asAgent(call)),
      handedOver,
      /to end as "transferred"; it ended as "agent"/,
    ),
  )
  breaks('transferred', 'a call that goes on though it was handed over', () =>
    fails(
      withCall((call) => ({
        open: (to) => call.open({ ...to, onHangUp: () => undefined }),
      })),
      handedOver,
      /onHangUp when the call was handed over/,
    ),
  )
  breaks('transfer', 'a caller who is put through to somebody else', () =>
    fails(
      withCall((call) => ({ transfer: () => call.transfer!('+15550000') })),
      handedOver,
      /told to put the caller through to \+15550199; it was told \+15550000/,
    ),
  )
  breaks('transfer', 'a transfer that the network is never asked for', () =>
    fails(
      withCall((call) => ({ transfer: () => call.hangUp() })),
      handedOver,
      /it was told undefined/,
    ),
  )
  breaks('placed', 'a call that was placed and comes under another id', () =>
    fails(
      (provider) => ({ ...provider, place: (call) => provider.place!(call).then(() => ({ id: 'order-1' })) }),
      placed,
      /the call that was placed, order-1, to come; placed-1 came/,
    ),
  )
  breaks('placed', 'a call that was placed and belongs to no pipeline', () =>
    fails(
      withHost((host) => ({
        admit: ({ pipeline: _, ...call }: OfferedCall, withinMs) => host.admit(call, withinMs),
      })),
      placed,
      /a place asked for pipeline "contract"/,
    ),
  )
  breaks('placed', 'a call that was placed and has lost its values', () =>
    fails(
      (provider) => ({ ...provider, place: (call) => provider.place!({ ...call, values: {} }) }),
      placed,
      /the values of the call among its params/,
    ),
  )
  const rangOut = 'a call that was placed and nobody answers'
  breaks('placed-over', 'a call that rang out, of which nobody hears', () =>
    fails(
      withHost(() => ({ onPlacedOver: () => undefined })),
      rangOut,
      /onPlacedOver for a call that rang out/,
    ),
  )
  breaks('placed-over', 'a call that rang out, told without a reason', () =>
    fails(
      withHost((host) => ({ onPlacedOver: ({ reason: _, ...call }) => host.onPlacedOver(call) })),
      rangOut,
      /with a reason; it was \{"id":"placed-1","pipeline":"contract"\}/,
    ),
  )
  breaks('unproven', 'a call without proof that gets a place', () =>
    fails(
      withHost((host) => ({ onUnproven: (call) => void host.admit(call, 0) })),
      'who does not prove to be the carrier',
      /no place asked for a call that nothing proves; 1 were/,
    ),
  )
}

/** The same end, told as another. */
function asAgent(call: TransportCall): Partial<TransportCall> {
  return { open: (to) => call.open({ ...to, onHangUp: () => to.onHangUp('agent') }) }
}
