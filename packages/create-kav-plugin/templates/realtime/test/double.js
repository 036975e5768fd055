// @ts-check
import { createVoicedWords, openLoopbackServer } from '@kav/core/testing'
import { createVoice } from './voice.js'
/** @import { LoopbackPeer, LoopbackUpgrade } from '@kav/core/testing' */

/** What the double hears in any speech. */
export const SAID = 'when are you open on monday'

/** The key of a customer; the others are customers to whom something happens. */
export const KEYS = {
  good: 'good-key-4711',
  silent: 'silent-key-4711',
  mute: 'mute-key-4711',
  cut: 'cut-key-4711',
  once: 'once-key-4711',
}

const BYTES_PER_MS = 8

/**
 * The service, as a double: the plugin speaks to it over a real WebSocket. Not a word of it goes into the package.
 *
 * @param {{ port?: number }} [options]
 */
export async function openDouble(options) {
  const server = await openLoopbackServer(options)
  let wasCut = false
  server.onSocket('/talk', (upgrade) =>
    serve(upgrade, (key) => {
      if (key !== KEYS.once) return key === KEYS.cut
      const isFirst = !wasCut
      wasCut = true
      return isFirst
    }),
  )
  return {
    url: `${server.wsUrl}/talk`,
    /** What the client sent in the latest session. */
    messages: () => server.peers.at(-1)?.messages ?? [],
    close: () => server.close(),
  }
}

/**
 * @param {LoopbackUpgrade} upgrade
 * @param {(key: string) => boolean} isCut whether the connection breaks now, behind the first piece of a reply
 */
function serve(upgrade, isCut) {
  const key = String(upgrade.headers.authorization).replace('Bearer ', '')
  if (!Object.values(KEYS).includes(key)) return upgrade.refuse(401, { message: `no such key: ${key}` })
  const peer = upgrade.accept()
  if (key !== KEYS.silent) talk(peer, key, isCut)
}

const ANSWER = 'This is the front desk. How may I help you?'

/**
 * @param {LoopbackPeer} peer
 * @param {string} key
 * @param {(key: string) => boolean} isCut
 */
function talk(peer, key, isCut) {
  let turns = 0
  /** @type {{ name: string }[]} */
  let tools = []
  const voice = createVoice({
    send: peer.send,
    onChunk() {
      const cut = isCut(key)
      if (cut) peer.cut()
      return key !== KEYS.mute && !cut
    },
  })
  void peer.closed.then(voice.stop)

  let speaking = false
  const ear = createVoicedWords({
    said: [SAID],
    onWords(text, fromBytes) {
      if (!speaking) peer.send({ type: 'speech-started', at_ms: Math.floor(fromBytes / BYTES_PER_MS) })
      speaking = true
      peer.send({ type: 'caller', item_id: `turn-${turns}`, text, final: false })
    },
    onEnd(text) {
      speaking = false
      peer.send({ type: 'speech-stopped', at_ms: Math.floor(ear.bytes / BYTES_PER_MS) })
      peer.send({ type: 'caller', item_id: `turn-${turns++}`, text, final: true })
      const tool = tools.find(({ name }) => name === 'opening_hours')
      voice.reply(tool ? { call: tool.name } : { text: ANSWER })
    },
  })
  /** @type {Record<string, (message: any) => void>} */
  const handlers = {
    start(message) {
      tools = message.tools
      peer.send({ type: 'ready' })
    },
    audio: ({ audio }) => ear.hear(Buffer.from(audio, 'base64')),
    say: ({ text }) => voice.reply({ text }),
    answer: () => voice.reply({ text: ANSWER }),
    interrupt: () => voice.interrupt(),
    'tool-result': ({ id, content }) => voice.toolResult(id, content),
    end: () => voice.whenQuiet(() => peer.send({ type: 'bye' })),
  }
  peer.onMessage((message) => handlers[message.type]?.(message))
}

if (process.argv[2] === '--port') {
  const { url } = await openDouble({ port: Number(process.argv[3]) })
  console.log(`${url} takes the key ${KEYS.good}, hears "${SAID}" in whatever is said, and answers humming`)
}
