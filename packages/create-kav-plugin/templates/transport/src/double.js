// @ts-check
import { MULAW_8K } from '@kav/core'
import { jsonMessage } from '@kav/core/kit'
import { WebSocket } from 'ws'
/** @import { DoubleCaller, DoubleLine, TransportDouble } from '@kav/core' */

/**
 * The network's side of the line, on this machine: `kav verify` and `kav test --live` place their calls with it.
 *
 * @param {{ token: string }} params
 * @returns {TransportDouble}
 */
export function createDouble(params) {
  /** @type {Set<WebSocket>} */
  const open = new Set()
  return {
    // The network asks us, and we ask nothing of it: the pipeline's own params do.
    params,
    async dial(url, caller) {
      const line = new URL(`${url.replace('http', 'ws')}/line`)
      line.searchParams.set('from', caller.from)
      line.searchParams.set('to', caller.to)
      const wire = new WebSocket(line, { headers: { authorization: `Bearer ${params.token}` } })
      open.add(wire)
      wire.once('close', () => open.delete(wire))
      return await connected(wire, caller)
    },
    async close() {
      for (const wire of open) wire.terminate()
    },
  }
}

/**
 * Resolves when the server has said which call it is. What follows in the same breath is held until the caller has had
 * a turn.
 *
 * @param {WebSocket} wire
 * @param {DoubleCaller} caller
 * @returns {Promise<DoubleLine>}
 */
function connected(wire, caller) {
  /** @type {(() => void)[] | undefined} */
  let held = []
  let isOver = false

  /** @param {() => void} event */
  const tell = (event) => (held === undefined ? event() : held.push(event))

  function begin() {
    const events = held ?? []
    held = undefined
    for (const event of events) event()
  }

  return new Promise((resolve, reject) => {
    wire.on('error', reject)
    wire.on('close', (code) => {
      reject(new Error('the call was refused'))
      if (!isOver) tell(() => caller.onEnd(code === 1000 ? 'agent' : 'connection-lost'))
      isOver = true
    })
    wire.on('message', (data, isBinary) => {
      if (isBinary) return tell(() => caller.onAudio(/** @type {Buffer} */ (data)))
      const { call, mark, clear } = jsonMessage(String(data)) ?? {}
      if (typeof mark === 'string') tell(() => caller.onMark(mark))
      else if (clear === true) tell(() => caller.onClear())
      else if (typeof call === 'string') {
        resolve(lineOf(wire, call, () => (isOver = true)))
        setImmediate(begin)
      }
    })
  })
}

/**
 * @param {WebSocket} wire
 * @param {string} id
 * @param {() => void} leave Nothing is told of an end that we bring about.
 * @returns {DoubleLine}
 */
function lineOf(wire, id, leave) {
  /** @param {object} message */
  const say = (message) => {
    if (wire.readyState === wire.OPEN) wire.send(JSON.stringify(message))
  }
  return {
    id,
    format: MULAW_8K,
    // It is only lent.
    send(audio) {
      if (wire.readyState === wire.OPEN) wire.send(new Uint8Array(audio))
    },
    press: (key) => say({ key }),
    played: (mark) => say({ mark }),
    async hangUp() {
      leave()
      if (wire.readyState === wire.CLOSED) return
      const gone = new Promise((resolve) => wire.once('close', resolve))
      wire.close(1000)
      await gone
    },
    drop() {
      leave()
      wire.terminate()
    },
  }
}
