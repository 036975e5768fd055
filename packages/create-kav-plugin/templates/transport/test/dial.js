// @ts-check
import { WebSocket } from 'ws'
/** @import { FarEnd } from '@kav/core/testing' */

const BYTES_PER_MS = 8

export const TOKEN = 'good-token-4711'
export const NUMBERS = { from: '+15550100', to: '+15550199' }

/**
 * The other end of the line, as the network has it: places a call, plays what it is sent, returns marks when it is played.
 * No faster than a phone: whether `clear` does anything shows by what would have been played much later.
 *
 * @param {string} url
 * @param {string} [token]
 * @returns {Promise<FarEnd>}
 */
export async function dial(url, token = TOKEN) {
  const line = new URL(`${url.replace('http', 'ws')}/line`)
  for (const [name, number] of Object.entries(NUMBERS)) line.searchParams.set(name, number)
  const wire = new WebSocket(line, { headers: { authorization: `Bearer ${token}` } })
  const ended = new Promise((resolve) => wire.once('close', resolve))
  await new Promise((resolve, reject) => wire.once('open', resolve).once('error', reject))
  wire.on('error', () => undefined)

  /** @type {Buffer[]} */
  const heard = []
  const player = createPlayer((mark) => wire.send(JSON.stringify({ mark })))
  wire.on('close', player.stop)
  wire.on('message', (data, isBinary) => {
    if (isBinary) {
      const audio = Buffer.from(/** @type {Buffer} */ (data))
      heard.push(audio)
      return player.play(audio.length / BYTES_PER_MS)
    }
    const { mark, clear } = JSON.parse(String(data))
    if (mark !== undefined) player.mark(mark)
    if (clear === true) player.clear()
  })
  return {
    say: (audio) => wire.send(new Uint8Array(audio)),
    press: (key) => wire.send(JSON.stringify({ key })),
    heard: () => Buffer.concat(heard),
    hangUp: () => wire.close(1000),
    drop: () => wire.terminate(),
    ended,
  }
}

/** @param {(mark: string) => void} giveBack */
function createPlayer(giveBack) {
  /** @type {Map<string, NodeJS.Timeout>} */
  const pending = new Map()
  let endMs = 0

  /**
   * All up to this one: timers of a busy machine may come in another order.
   *
   * @param {string} [last]
   */
  function giveBackTo(last) {
    for (const [mark, timer] of [...pending]) {
      clearTimeout(timer)
      pending.delete(mark)
      giveBack(mark)
      if (mark === last) return
    }
  }

  return {
    /** @param {number} durationMs */
    play(durationMs) {
      endMs = Math.max(performance.now(), endMs) + durationMs
    },
    /** @param {string} mark */
    mark(mark) {
      pending.set(mark, setTimeout(giveBackTo, endMs - performance.now(), mark))
    },
    clear() {
      endMs = 0
      giveBackTo()
    },
    stop() {
      for (const timer of pending.values()) clearTimeout(timer)
      pending.clear()
    },
  }
}
