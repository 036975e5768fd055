import type { HangUpReason, TransportCallHandlers } from '@kav/core'

/** Handlers that can be used before they are there: what comes early is held and delivered on `open`. */
export interface HeldEvents extends TransportCallHandlers {
  open(handlers: TransportCallHandlers): void
}

/** Four seconds of frames: what the core's own receive queue would have kept. */
const MAX_HELD = 200

/** `onDropped` hears of each event that found no room. The end of the call always has room. */
export function createHeldEvents(onDropped: () => void): HeldEvents {
  let handlers: TransportCallHandlers | undefined
  let held: ((to: TransportCallHandlers) => void)[] = []

  const hold = (event: (to: TransportCallHandlers) => void): void => {
    if (held.length < MAX_HELD) held.push(event)
    else onDropped()
  }

  return {
    open(to) {
      if (handlers !== undefined) return
      handlers = to
      const early = held
      held = []
      for (const deliver of early) deliver(to)
    },
    onMedia(audio) {
      if (handlers !== undefined) return handlers.onMedia(audio)
      const kept = Uint8Array.from(audio)
      hold((to) => to.onMedia(kept))
    },
    onDtmf(digit) {
      if (handlers !== undefined) return handlers.onDtmf(digit)
      hold((to) => to.onDtmf(digit))
    },
    onMark(name) {
      if (handlers !== undefined) return handlers.onMark(name)
      hold((to) => to.onMark(name))
    },
    onHangUp(reason: HangUpReason) {
      if (handlers !== undefined) return handlers.onHangUp(reason)
      held.push((to) => to.onHangUp(reason))
    },
  }
}
