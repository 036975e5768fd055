// @ts-check
import { MULAW_8K } from '@kav/core'
import { jsonMessage } from '@kav/core/kit'
/** @import { Clock, HangUpReason, TransportCall, TransportCallHandlers } from '@kav/core' */
/** @import { RawData, WebSocket } from 'ws' */

const GOODBYE_MS = 1000

/**
 * One call over its WebSocket. Events are held until Kav opens it; `onHangUp` comes once and last.
 *
 * @param {WebSocket} wire
 * @param {{ id: string, from: string, to: string, clock: Clock }} about
 */
export function createCall(wire, { id, from, to, clock }) {
  /** @type {TransportCallHandlers | undefined} */
  let handlers
  /** @type {((to: TransportCallHandlers) => void)[]} */
  const held = []
  let over = false
  const gone = new Promise((resolve) => wire.once('close', resolve))

  /** @param {(to: TransportCallHandlers) => void} event */
  const deliver = (event) => (handlers ? event(handlers) : held.push(event))

  /** @param {HangUpReason} reason */
  function end(reason) {
    if (over) return
    over = true
    deliver((to) => to.onHangUp(reason))
  }

  /** @param {HangUpReason} reason */
  async function leave(reason) {
    end(reason)
    wire.close(1000)
    const cancel = clock.after(GOODBYE_MS, () => wire.terminate())
    await gone
    cancel()
  }

  /** @param {object} message */
  const tell = (message) => {
    if (!over) wire.send(JSON.stringify(message))
  }

  wire.on('error', () => undefined)
  wire.on('close', (code) => end(code === 1000 ? 'caller' : 'transport-error'))
  wire.on('message', (data, isBinary) => {
    if (over) return
    const { key, mark } = isBinary ? {} : (jsonMessage(String(data)) ?? {})
    if (isBinary) deliver((to) => to.onMedia(bytesOf(data)))
    else if (typeof key === 'string' && /^[0-9*#A-D]$/.test(key)) deliver((to) => to.onDtmf(key))
    else if (typeof mark === 'string') deliver((to) => to.onMark(mark))
  })

  /** @type {TransportCall} */
  const call = {
    id,
    format: MULAW_8K,
    params: { from, to },
    open(given) {
      handlers = given
      tell({ call: id })
      for (const event of held.splice(0)) event(given)
    },
    // `ws` masks nothing on this side and may keep the array: it is only lent.
    send(frame) {
      if (!over) wire.send(new Uint8Array(frame))
    },
    mark: (mark) => tell({ mark }),
    clear: () => tell({ clear: true }),
    get bufferedBytes() {
      return wire.bufferedAmount
    },
    hangUp: () => leave('agent'),
  }
  return { call, leave }
}

/** @param {RawData} data */
function bytesOf(data) {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
