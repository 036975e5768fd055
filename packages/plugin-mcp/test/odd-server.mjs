/** A server that answers oddly, over stdio: written by hand, since the SDK's own would refuse to. */
import readline from 'node:readline'

const tool = (name, inputSchema = { type: 'object' }) => ({ name, description: `Does ${name}.`, inputSchema })
const names = (count, schema) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, schema]))
const doubled = Object.fromEntries(
  Array.from({ length: 25 }, (_, index) => {
    const next = { $ref: `#/$defs/d${index + 1}` }
    return [`d${index}`, index < 24 ? { allOf: [next, next] } : { type: 'string' }]
  }),
)
const TOOLS = [
  ...['book', 'finish', 'text', 'nothing', 'no_error', 'huge', 'huge_id_last'].map((name) => tool(name)),
  tool('wide', { type: 'object', properties: names(3_000, { enum: ['a', 'b'] }) }),
  tool('long_enum', {
    type: 'object',
    properties: { a: { enum: Array.from({ length: 20_000 }, (_, i) => i) } },
  }),
  tool('long_note', { type: 'object', properties: { note: { type: 'string', pattern: '^.{1,2000}$' } } }),
  tool('doubled', { type: 'object', properties: { id: { $ref: '#/$defs/d0' } }, $defs: doubled }),
  tool('endless', { type: 'object', properties: { id: { $ref: '#/properties/id' } } }),
]

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const said = (text) => ({ content: [{ type: 'text', text }] })
const LONG = 'x'.repeat(5_000_000)
let booking

const CALLS = {
  book: (id) => void (booking = id),
  finish(id) {
    write({ id: booking, result: said('booked') })
    write({ id, result: said('finished') })
  },
  text: (id) => write({ id, result: { content: 'nothing but a text' } }),
  nothing: (id) => write({ id, result: null }),
  no_error: (id) => write({ id, error: { code: 'x', message: 5 } }),
  huge: (id) => write({ id, result: said(LONG) }),
  huge_id_last: (id) => write({ result: said(LONG), id }),
}
/** A list without end: `pages` of one tool each, `tools` of a thousand. */
const [, , ENDLESS] = process.argv
function listFrom(page) {
  if (ENDLESS === undefined) return { tools: TOOLS }
  const many = Array.from({ length: ENDLESS === 'tools' ? 1_000 : 1 }, (_, i) => tool(`t${page}_${i}`))
  return { tools: many, nextCursor: String(page + 1) }
}

const ASKED = {
  initialize: ({ id, params }) =>
    write({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'odd', version: '1' },
      },
    }),
  'tools/list': ({ id, params }) => write({ id, result: listFrom(Number(params?.cursor ?? 0)) }),
  'tools/call': ({ id, params }) => CALLS[params.name](id),
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line)
  ASKED[message.method]?.(message)
})
