// @ts-check
import { openLoopbackServer } from '@kav/core/testing'
/** @import { HttpExchange } from '@kav/core/testing' */

/** The key of a customer; the other is one whose requests nobody answers. */
export const KEYS = { good: 'good-key-4711', silent: 'silent-key-4711' }

/**
 * The service, as a double: the plugin speaks to it over a real socket. Not a word of it goes into the package.
 *
 * @param {{ port?: number }} [options]
 */
export async function openDouble(options) {
  const server = await openLoopbackServer(options)
  let asked = 0
  server.onHttp('/hours', (exchange) => {
    asked++
    serve(exchange)
  })
  return {
    url: `${server.httpUrl}/hours`,
    /** How often it was asked. */
    asked: () => asked,
    close: () => server.close(),
  }
}

/** @param {HttpExchange} exchange */
function serve({ request, json }) {
  const key = String(request.headers.authorization).replace('Bearer ', '')
  if (key === KEYS.silent) return
  if (key !== KEYS.good) return json(401, { message: `no such key: ${key}` })
  const day = request.query.get('day')
  if (day === 'sunday') return json(404, { message: 'closed on Sundays' })
  json(200, { from: 'nine', to: day === 'saturday' ? 'noon' : 'five' })
}

if (process.argv[2] === '--port') {
  const { url } = await openDouble({ port: Number(process.argv[3]) })
  console.log(`${url} takes the key ${KEYS.good} and knows the hours of every day but Sunday`)
}
