import type { HangUpReason, TransportCallHandlers } from '../../contracts/transport.ts'

/**
 * What a transport is given to tell of its call. They never throw, and nothing that its contract does not say gets
 * past them: one such thing would silence the caller for good. It is a fault of the plugin, and told.
 */
export function lineHandlers(
  to: TransportCallHandlers,
  onFault: (fault: unknown) => void,
): TransportCallHandlers {
  const refuse = (what: string): void => onFault(new TypeError(`the line: ${what}`))
  return {
    onMedia(audio) {
      if (isAudio(audio)) to.onMedia(audio)
      else refuse('onMedia was given something else than a Uint8Array')
    },
    onDtmf(digit) {
      if (typeof digit === 'string' && KEY.test(digit)) to.onDtmf(digit.toUpperCase())
      else refuse('onDtmf was given something else than one of 0-9, *, #, A-D')
    },
    onMark(name) {
      if (typeof name === 'string') to.onMark(name)
      else refuse('onMark was given something else than a name')
    },
    onHangUp(reason) {
      to.onHangUp(isReason(reason) ? reason : 'transport-error')
    },
  }
}

const KEY = /^[0-9*#A-D]$/i

/** Asked in this order, a proxy is not even looked at. */
function isAudio(given: unknown): boolean {
  return ArrayBuffer.isView(given) && given instanceof Uint8Array
}

/** A new reason wants its row here. */
const REASONS: Readonly<Record<HangUpReason, true>> = {
  caller: true,
  agent: true,
  transferred: true,
  'gave-up': true,
  operator: true,
  'transport-error': true,
  rejected: true,
  shutdown: true,
  limit: true,
  failure: true,
}

function isReason(given: unknown): boolean {
  return typeof given === 'string' && Object.hasOwn(REASONS, given)
}
