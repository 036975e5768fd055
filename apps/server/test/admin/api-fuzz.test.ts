import { once } from 'node:events'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type PhoneCall, placeCall } from '@kav/phone'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_FAULTS } from '../../src/admin/api/api-fault.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const DESK = fileURLToPath(new URL('../fixtures/fleet-desk.yaml', import.meta.url))
const AUTH = '0123456789abcdef0123456789abcdef'
const TOKEN = 'the-operators-own-token'
const LIMIT_MS = 240_000
const OF_EACH_ROUTE = 25
const HALF_OPEN = 1000

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}
interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}
interface Answered {
  readonly status: number
  readonly type: string
  readonly text: string
}

let server: ServedProcess
let phone: PhoneCall
let routes: readonly { readonly method: string; readonly path: string; readonly operation: Operation }[]
let schemas: Readonly<Record<string, Schema>>

/** What fits a schema more or less: a pattern and a bound are not heeded. */
function fits(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fits(schemas[schema.$ref.split('/').at(-1)!]!)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(fits))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.type === 'string') return fc.oneof(fc.string(), fc.constantFrom('+15550123', 'once', '1'))
  if (schema.type === 'integer') return fc.integer()
  if (schema.type === 'number') return fc.double()
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type === 'array') return fc.array(fits(schema.items ?? {}), { maxLength: 3 })
  if (schema.type === 'object') {
    const fields = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, fits(one)] as const)
    return fc.record(Object.fromEntries(fields), { requiredKeys: [] })
  }
  return fc.jsonValue()
}

/** A body as it goes over the wire: what fits, what nearly does, and what is no JSON at all. */
function bodies(schema: Schema): fc.Arbitrary<Buffer> {
  const json = fits(schema).map((value) => JSON.stringify(value) ?? '')
  const nearly = fc.tuple(json, fc.jsonValue(), fc.string()).map(([text, other, name]) => {
    const more = `${JSON.stringify(name)}:${JSON.stringify(other)}`
    return text.startsWith('{"') ? `{${more},${text.slice(1)}` : text
  })
  const twice = json.map((text) => (text.startsWith('{"') ? `{${text.slice(1, -1)},${text.slice(1)}` : text))
  const cut = fc.tuple(json, fc.nat(60)).map(([text, at]) => text.slice(0, at))
  const odd = fc.constantFrom(
    '',
    '{',
    'null',
    '[]',
    '"text"',
    '\uFEFF{}',
    '{"__proto__":{"text":"a"}}',
    '{"constructor":{"prototype":1}}',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `{"a":${'{"a":'.repeat(8000)}1${'}'.repeat(8001)}`,
    `{"text":"${'x'.repeat(70_000)}"}`,
    '{"text":"\\ud800"}',
    '{"text":1e999,"at":-0}',
  )
  const texts = fc.oneof(json, nearly, twice, cut, odd, fc.json()).map((text) => Buffer.from(text))
  return fc.oneof({ weight: 9, arbitrary: texts }, fc.uint8Array({ maxLength: 40 }).map(Buffer.from))
}

const SEGMENTS = fc.oneof(
  fc.constantFrom('CA404', '..', '.', '%2e%2e', '%2F', '%00', '%', '%zz', '%ff', '__proto__', 'constructor'),
  fc.constantFrom('a'.repeat(4000), '%F0%9F%98%80', "'--", '{id}', 'CA1%0d%0ax:1'),
  fc.string({ maxLength: 12 }).map(encodeURIComponent),
)
const TYPES = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json;charset=utf-16',
    'a/b;;',
  ),
)
/** Few are wrong: each of those waits for a second. */
const TOKENS = fc.oneof(
  { weight: 60, arbitrary: fc.constant(`Bearer ${TOKEN}`) },
  fc.constantFrom(`Bearer ${TOKEN}x`, 'Basic YTpi', '', 'Bearer', 'Bearer  '),
)

function requests(method: string, path: string, operation: Operation): fc.Arbitrary<Asked> {
  const schema = operation.requestBody?.content['application/json']?.schema
  const names = (operation.parameters ?? []).filter((one) => one.in === 'query')
  const query = fc.record(Object.fromEntries(names.map((one) => [one.name, fits(one.schema)])), {
    requiredKeys: [],
  })
  const odder = fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    fc.constantFrom('%', '=&=', '__proto__=1', `a=${'b'.repeat(3000)}`, 'limit=1e99', 'from=%ff'),
  )
  const parts = fc.tuple(fc.array(SEGMENTS, { minLength: 3, maxLength: 3 }), query, odder, TYPES, TOKENS)
  return fc
    .tuple(parts, schema === undefined ? fc.constant(undefined) : bodies(schema))
    .map(([[segments, given, odd, type, authorization], body]) => {
      let next = 0
      const filled = path.replaceAll(/\{\w+\}/g, () => segments[next++]!)
      const asked = Object.entries(given).map(([name, value]) => [name, String(value)] as [string, string])
      const search = [new URLSearchParams(asked).toString(), odd].filter((one) => one !== '').join('&')
      return {
        method,
        path: search === '' ? filled : `${filled}?${search}`,
        headers: {
          ...(authorization !== '' && { authorization }),
          ...(type !== '' && { 'content-type': type }),
        },
        ...(body !== undefined && { body }),
      }
    })
}

/** The path as it is: `fetch` would tidy it up. A stream is left when it begins. */
async function send({ method, path, headers, body }: Asked): Promise<Answered> {
  const { port } = new URL(server.adminUrl)
  const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  const type = answer.headers['content-type'] ?? ''
  if (type.startsWith('text/event-stream')) {
    asked.destroy()
    return { status: answer.statusCode!, type, text: '' }
  }
  let text = ''
  for await (const part of answer.setEncoding('utf8')) text += String(part)
  return { status: answer.statusCode!, type, text }
}

function judge({ status, type, text }: Answered): void {
  if (status < 400) return
  expect(type).toBe('application/json; charset=utf-8')
  const { error } = JSON.parse(text) as {
    error: { code: keyof typeof API_FAULTS; message: string; fix: string }
  }
  expect(error).toEqual({
    code: expect.any(String) as string,
    message: expect.stringMatching(/\S/) as string,
    fix: expect.stringMatching(/\S/) as string,
  })
  expect([error.code, status]).toEqual([error.code, API_FAULTS[error.code]])
  expect(error.code).not.toBe('internal')
  expect(text.length).toBeLessThan(1000)
}

describe('the admin API, asked anything', () => {
  beforeAll(async () => {
    server = await serveProcess(DESK, { FLEET_AUTH_TOKEN: AUTH, KAV_ADMIN_TOKEN: TOKEN })
    phone = await placeCall({
      webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`,
      authToken: AUTH,
      publicUrl: 'https://voice.example.com',
    })
    const answer = await fetch(`${server.adminUrl}/openapi.json`)
    const document = (await answer.json()) as {
      paths: Record<string, Record<string, Operation>>
      components: { schemas: Record<string, Schema> }
    }
    schemas = document.components.schemas
    routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
    )
  }, LIMIT_MS)
  afterAll(() => server?.remove())

  /** The call goes on, the process answers, and nothing in it has failed. */
  async function expectUnharmed(): Promise<void> {
    const answer = await send({
      method: 'GET',
      path: '/api/calls',
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    expect(JSON.parse(answer.text)).toMatchObject({ calls: [{ id: phone.callSid, state: 'running' }] })
    expect(phone.ended).toBe(false)
    expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
  }

  it(
    'answers every request to every route with what it is, or why not, and harms nobody',
    async () => {
      expect(routes.length).toBeGreaterThan(20)
      for (const { method, path, operation } of routes) {
        const asked = fc.sample(requests(method, path, operation), OF_EACH_ROUTE)
        const answers = await Promise.all(asked.map(send))
        for (const [index, answered] of answers.entries())
          try {
            judge(answered)
          } catch (error) {
            throw new Error(`${method} ${asked[index]!.path}: ${answered.status} ${answered.text}`, {
              cause: error,
            })
          }
      }
      await expectUnharmed()
    },
    LIMIT_MS,
  )

  it(
    'takes so many connections and no more, ends those that ask nothing, and answers all the same',
    async () => {
      const { port } = new URL(server.adminUrl)
      const sockets: Socket[] = []
      for (let index = 0; index < HALF_OPEN; index++) {
        const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
        socket.write(`POST /api/calls/CA1/say HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100\r\n`)
        if (index % 2 === 0)
          socket.write(`Authorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\n\r\n{"te`)
        sockets.push(socket)
      }
      await Promise.all(
        sockets.filter(({ connecting }) => connecting).map((socket) => once(socket, 'connect')),
      )
      // Callers come by another port.
      const health = await fetch(`http://127.0.0.1:${server.port}/healthz`)
      expect([health.status, phone.ended]).toEqual([200, false])
      for (const socket of sockets) socket.destroy()
      const figures = () => fetch(`${server.adminUrl}/metrics`).then((answer) => answer.text(), String)
      const cut = /^kav_http_connections_cut_total\{reason="(?:idle|too-many-connections)"\} [1-9]/m
      await expect.poll(figures, { timeout: LIMIT_MS }).toMatch(cut)
      await expectUnharmed()
    },
    LIMIT_MS,
  )
})
