// @ts-check
import { createVoicedWords, openLoopbackServer } from '@kav/core/testing'
/** @import { LoopbackPeer, LoopbackUpgrade } from '@kav/core/testing' */

/** What the double hears in any speech. */
export const SAID = 'when are you open on monday'

/** The key of a customer; the others are customers to whom something happens. */
export const KEYS = {
  good: 'good-key-4711',
  silent: 'silent-key-4711',
  mute: 'mute-key-4711',
  cut: 'cut-key-4711',
}

const BYTES_PER_MS = 8

/**
 * The service, as a double: the plugin speaks to it over a real WebSocket. Not a word of it goes into the package.
 *
 * @param {{ port?: number }} [options]
 */
export async function openDouble(options) {
  const server = await openLoopbackServer(options)
  server.onSocket('/listen', serve)
  return {
    url: `${server.wsUrl}/listen`,
    /** The latest session. */
    latest: () => server.peers.at(-1),
    close: () => server.close(),
  }
}

/** @param {LoopbackUpgrade} upgrade */
function serve(upgrade) {
  const key = String(upgrade.headers.authorization).replace('Bearer ', '')
  if (!Object.values(KEYS).includes(key)) return upgrade.refuse(401, { message: `no such key: ${key}` })
  const peer = upgrade.accept()
  if (key !== KEYS.silent) listen(peer, key)
}

/**
 * @param {LoopbackPeer} peer
 * @param {string} key
 */
function listen(peer, key) {
  const ear = createVoicedWords({
    said: [SAID],
    onWords(text) {
      peer.send({ type: 'words', text, final: false })
      if (key === KEYS.cut) peer.cut()
    },
    onEnd(text) {
      if (key !== KEYS.mute) peer.send({ type: 'words', text, final: true, end_ms: ear.bytes / BYTES_PER_MS })
    },
  })
  peer.onMessage((message) => {
    if (message instanceof Uint8Array) return ear.hear(message)
    if (message.type === 'start') peer.send({ type: 'ready' })
    if (message.type !== 'end' || key === KEYS.mute) return
    ear.end()
    peer.send({ type: 'bye' })
  })
}

if (process.argv[2] === '--port') {
  const { url } = await openDouble({ port: Number(process.argv[3]) })
  console.log(`${url} takes the key ${KEYS.good} and hears "${SAID}" in whatever is said`)
}
