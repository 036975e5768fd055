import { HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a way for calls to come in promises. */
export const TRANSPORT_PROMISES = {
  call: { says: 'gives each call an id, a format and params', at: 'TransportCall.id' },
  values: {
    says: 'brings the values that go with a call among its params',
    at: 'TransportCall.params',
    where: 'where its network carries any',
  },
  media: { says: 'delivers media complete and in order', at: 'TransportCallHandlers.onMedia' },
  held: {
    says: 'delivers nothing before `open`, and loses nothing that came earlier',
    at: 'TransportCall.open',
  },
  frames: {
    says: 'sends frames complete and in order, though their bytes are only lent',
    at: 'TransportCall.send',
  },
  buffered: { says: 'tells what the kernel has not taken yet', at: 'TransportCall.bufferedBytes' },
  marks: {
    says: 'returns each mark once, by its name, after what was sent before it',
    at: 'TransportCallHandlers.onMark',
  },
  clear: {
    says: 'discards what the far end holds, and returns the pending marks at once',
    at: 'TransportCall.clear',
  },
  keys: { says: 'delivers keys in order', at: 'TransportCallHandlers.onDtmf' },
  'hang-up': { says: 'tells the end of a call once, last of all', at: 'TransportCallHandlers.onHangUp' },
  reason: { says: 'tells a caller who hung up from a connection that broke', at: 'HangUpReason' },
  'ends-call': {
    says: 'ends the call at the far end by `hangUp`, also when called twice',
    at: 'TransportCall.hangUp',
  },
  over: { says: 'does nothing in `send`, `mark` and `clear` once the call is over', at: 'TransportCall' },
  apart: { says: 'keeps calls apart', at: 'TransportHost.onCall' },
  later: {
    says: 'carries each call anew, with nothing of the calls before it',
    at: 'TransportHost.onCall',
  },
  transfer: {
    says: 'hands a call over, or throws a `ProviderError`, and settles either way, where it has `transfer`',
    at: 'TransportCall.transfer',
  },
  transferred: {
    says: 'ends a call that was handed over as `transferred`, once and last',
    at: 'HangUpReason',
    where: 'where it has `transfer`',
  },
  places: {
    says: 'places a call and says its id, or throws a `ProviderError`, where it has `place`',
    at: 'TransportProvider.place',
  },
  placed: {
    says: 'brings the call that it placed, under its id, for its pipeline and with its values',
    at: 'TransportProvider.place',
    where: 'where it has `place`',
  },
  'placed-over': {
    says: 'tells of a call that it placed and nobody answered, for which pipeline it was and why',
    at: 'TransportHost.onPlacedOver',
    where: 'where it has `place`',
  },
  unproven: {
    says: 'turns away who does not prove to be the carrier, and asks no place for them',
    at: 'TransportHost.onUnproven',
    where: 'where its network proves itself',
  },
  refused: { says: 'brings no call that the host refuses', at: 'TransportHost.admit' },
  place: { says: 'gives a call the place that was asked for it', at: 'TransportHost.onCall' },
  'quiet-attach': { says: 'opens no socket, file or timer in `attach`', at: 'TransportProvider.attach' },
  closes: {
    says: 'ends the calls that are left at `close`, also when called twice',
    at: 'TransportProvider.close',
  },
  'nothing-left': {
    says: 'leaves no socket and no timer behind, not even one that keeps no process alive',
    at: 'TransportProvider.close',
  },
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
