// @ts-check
import { setTimeout as sleep } from 'node:timers/promises'
import { openLoopbackServer } from '@kav/core/testing'
/** @import { LlmMessage, LlmTool } from '@kav/core' */
/** @import { HttpExchange } from '@kav/core/testing' */

/** The key of a customer; the others are customers to whom something happens. */
export const KEYS = {
  good: 'good-key-4711',
  silent: 'silent-key-4711',
  mute: 'mute-key-4711',
  cut: 'cut-key-4711',
  cutCall: 'cut-call-key-4711',
}

/** What an answer costs, whatever it says. */
const BILLED = { inputTokens: 20, outputTokens: 10 }
const PIECE_BYTES = 7

/**
 * The service, as a double: the plugin speaks to it over a real socket. Not a word of it goes into the package.
 *
 * @param {{ port?: number }} [options]
 */
export async function openDouble(options) {
  const server = await openLoopbackServer(options)
  let sent = ''
  server.onHttp('/reply', (exchange) => {
    sent = ''
    return serve(exchange, (text) => (sent += text))
  })
  return {
    url: `${server.httpUrl}/reply`,
    /** All text of the latest answer that has been sent. */
    sent: () => sent,
    /** The latest request, as it came. */
    received: () => String(server.requests.at(-1)?.body ?? ''),
    billed: BILLED,
    close: () => server.close(),
  }
}

/**
 * @param {HttpExchange} exchange
 * @param {(text: string) => void} onSent
 */
async function serve({ request, head, write, json, end, cut }, onSent) {
  const key = String(request.headers.authorization).replace('Bearer ', '')
  if (key === KEYS.silent) return
  if (!Object.values(KEYS).includes(key)) return json(401, { message: `no such key: ${key}` })
  head(200, { 'content-type': 'text/event-stream' })
  /** @param {object} message */
  const event = (message) => inPieces(write, `data: ${JSON.stringify(message)}\n\n`)
  /** @type {{ messages: LlmMessage[], tools: LlmTool[] }} */
  const { messages, tools } = request.json
  const { role, content } = messages.at(-1) ?? { role: 'user', content: '' }
  const isAsked = role === 'user' && /open/.test(content)
  if (isAsked && tools.some(({ name }) => name === 'opening_hours')) {
    if (key === KEYS.cutCall) {
      await write('data: {"type":"call","id":"call-1","name":"opening_hours","args":"{\\"day')
      await sleep(2)
      return cut()
    }
    await event({ type: 'call', id: 'call-1', name: 'opening_hours', args: '{"day":"monday"}' })
    await event({ type: 'end', reason: 'tool-calls' })
    return end()
  }
  for (const text of answerTo(role, content).split(/(?<= )/)) {
    await event({ type: 'text', text })
    onSent(text)
    if (key === KEYS.mute) return
    // Time for it to arrive, so that it is cut in the middle.
    await sleep(2)
    // The harder cut: it closes as a whole answer does, and lacks its last event.
    if (key === KEYS.cut) return end()
  }
  await event({ type: 'usage', input: BILLED.inputTokens, output: BILLED.outputTokens })
  await event({ type: 'end', reason: 'stop' })
  end()
}

/**
 * As networks bring it: cut anywhere, in the middle of a letter too.
 *
 * @param {HttpExchange['write']} write
 * @param {string} text
 */
async function inPieces(write, text) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) await write(bytes.subarray(at, at + PIECE_BYTES))
}

/**
 * @param {string} role
 * @param {string} content
 */
function answerTo(role, content) {
  return role === 'tool'
    ? `I have looked it up: ${content}.`
    : 'This is the front desk of the Café Zoë. How may I help you?'
}

if (process.argv[2] === '--port') {
  const { url } = await openDouble({ port: Number(process.argv[3]) })
  console.log(`${url} takes the key ${KEYS.good} and answers as a front desk does`)
}
