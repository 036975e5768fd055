// @ts-check
import { MULAW_8K } from '@kav/core'
import { fakeSpeech } from '@kav/core/testing'

const CHUNK_BYTES = 800
const CHUNK_EVERY_MS = 2

/** What each reply costs. */
export const BILLED = { inputTokens: 20, outputTokens: 10 }

/**
 * How the double answers: one reply after the other, each a hum as long as its words, or one call of a tool.
 *
 * @param {{ send(message: object): void, onChunk(): boolean }} line `onChunk` says whether more may follow.
 */
export function createVoice({ send, onChunk }) {
  /** @type {{ text?: string, call?: string }[]} */
  const waiting = []
  /** @type {Set<string>} */
  const asked = new Set()
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** @type {string | undefined} */
  let speaking
  let count = 0
  let onQuiet = () => {}

  function next() {
    const reply = waiting.shift()
    if (reply === undefined) return onQuiet()
    speaking = `reply-${++count}`
    send({ type: 'reply-started', reply_id: speaking })
    if (reply.call !== undefined) {
      asked.add(`call-${count}`)
      send({ type: 'call', id: `call-${count}`, name: reply.call, args: '{"day":"monday"}' })
      timer = setTimeout(end, CHUNK_EVERY_MS, 'done')
    } else say(reply.text ?? '')
  }

  /** @param {string} text */
  function say(text) {
    const item_id = `item-${count}`
    const speech = Buffer.from(fakeSpeech(text, MULAW_8K))
    let at = 0
    function chunk() {
      send({ type: 'audio', item_id, audio: speech.subarray(at, at + CHUNK_BYTES).toString('base64') })
      at += CHUNK_BYTES
      if (!onChunk()) return
      if (at < speech.length) timer = setTimeout(chunk, CHUNK_EVERY_MS)
      else end('done')
    }
    send({ type: 'agent', item_id, text, final: true })
    chunk()
  }

  /** @param {string} reason */
  function end(reason) {
    clearTimeout(timer)
    send({ type: 'usage', input: BILLED.inputTokens, output: BILLED.outputTokens })
    send({ type: 'reply-ended', reply_id: speaking, reason })
    speaking = undefined
    next()
  }

  return {
    /** @param {{ text?: string, call?: string }} reply */
    reply(reply) {
      waiting.push(reply)
      if (speaking === undefined) next()
    },
    /**
     * @param {string} id
     * @param {string} content
     */
    toolResult(id, content) {
      if (asked.delete(id)) this.reply({ text: `I have looked it up: ${content}.` })
    },
    interrupt() {
      if (speaking !== undefined) end('interrupted')
    },
    /** @param {() => void} callback */
    whenQuiet(callback) {
      onQuiet = callback
      if (speaking === undefined) callback()
    },
    stop: () => clearTimeout(timer),
  }
}
