import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { HttpToolSettings } from '../../src/host.ts'
import { type Answering, type Seen, serviceRig } from './service-rig.ts'

const PERHAPS = 'It may have been carried out all the same.'
const ID = '9007199254740993'

const service = serviceRig()
const { ask } = service

function answers(body: string | Uint8Array, type = 'application/json', status = 200): void {
  service.handler = (_seen, response) => response.writeHead(status, { 'content-type': type }).end(body)
}

describe('a number of more digits than a double holds', () => {
  it('is told as it is', async () => {
    answers(`{"id":${ID}}`)
    expect(await ask()).toEqual({ content: `{"id":${ID}}` })
  })

  it.each([
    [`{"id":${ID},"size":4}`, ['id', 'size'], `{"id":"${ID}","size":4}`],
    [`[{"id":-${ID}},{"id":7}]`, ['id'], `{"id":["-${ID}",7]}`],
    [`{"id":"a ${ID} \\" 1","at":1700000000000}`, ['id', 'at'], `{"id":"a ${ID} \\" 1","at":1700000000000}`],
    ['{"a":1e400,"b":19.90,"c":10000000000000000000}', ['b', 'c'], '{"b":19.9,"c":10000000000000000000}'],
    [`{"id":${'9'.repeat(400)}}`, ['id'], `{"id":"${'9'.repeat(400)}"}`],
  ])('is picked from %s digit by digit', async (body, pick, content) => {
    answers(body)
    expect(await ask({ pick })).toEqual({ content })
  })

  it('stays so where a secret is taken out beside it', async () => {
    answers(`{"key":"tok-hidden-12345","id":${ID}}`)
    const { content } = await ask({ auth: { type: 'bearer', token: 'tok-hidden-12345' } })
    expect(content).toBe(`{"key":"(hidden)","id":"${ID}"}`)
  })

  const text = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
  const list = { type: 'object', properties: { ids: { type: 'array', items: { type: 'string' } } } }
  it.each<[string, string, Record<string, unknown>, string]>([
    ['in a path', `{"id":${ID}}`, text, `/x/${ID}`],
    ['encoded twice', JSON.stringify(`{"id":${ID}}`), text, `/x/${ID}`],
  ])('is sent as the model wrote it, %s', async (_what, args, parameters, url) => {
    answers('{}')
    await ask({ url: `${service.base}/x/{id}`, parameters }, args)
    expect(service.seen[0]?.url).toBe(url)
  })

  it('is sent as the model wrote it, in a list that it wrote as text', async () => {
    answers('{}')
    await ask({ method: 'POST', parameters: list }, { ids: `[${ID}]` })
    expect(service.seen[0]?.body).toBe(`{"ids":["${ID}"]}`)
  })

  it('is not sent as another one, where the schema wants a number', async () => {
    answers('{}')
    const parameters = { type: 'object', properties: { id: { type: 'integer' } } }
    expect(await ask({ method: 'POST', parameters }, `{"id":${ID}}`)).toMatchObject({ failed: true })
    expect(service.seen).toEqual([])
  })
})

describe('letters', () => {
  it.each([
    ['{"name":"\\u05e9\\u05dc\\u05d5\\u05dd"}', '{"name":"שלום"}'],
    ['{"name":"\\uD83D\\uDE00 \\u00fc"}', '{"name":"😀 ü"}'],
    ['{"url":"https:\\/\\/a.example\\/b"}', '{"url":"https://a.example/b"}'],
    ['{"a":"\\u0022\\u005c\\n\\\\u05e9 \\ud83d"}', '{"a":"\\u0022\\u005c\\n\\\\u05e9 \\ud83d"}'],
    ['C:\\u05e9', 'C:\\u05e9'],
  ])('that a service has escaped are read: %s', async (body, content) => {
    answers(body)
    expect(await ask()).toEqual({ content })
  })

  it('that were escaped leave room for the reason of a refusal', async () => {
    const word = 'מקום '.repeat(20)
    const escaped = word.replaceAll(/[^\0-\x7f]/g, (c) => `\\u0${c.charCodeAt(0).toString(16)}`)
    answers(`{"error":"${escaped}"}`, 'application/json', 409)
    expect((await ask()).content).toBe(`The tool failed: the service answered 409: {"error":"${word}"}.`)
  })

  it.each<[string, string, number[], string]>([
    ['UTF-16 with a mark and no charset', 'application/json', [0xff, 0xfe, 0x22, 0, 0xe9, 5, 0x22, 0], '"ש"'],
    ['UTF-16 of the other order', 'text/plain; charset=utf-16', [0xfe, 0xff, 5, 0xe9], 'ש'],
    ['UTF-8 with a mark', 'text/plain; charset=latin1', [0xef, 0xbb, 0xbf, 0xd7, 0xa9], 'ש'],
  ])('in %s are read by it', async (_what, type, bytes, content) => {
    answers(Buffer.from(bytes), type)
    expect(await ask()).toEqual({ content })
  })

  it.each([
    ['<?xml version="1.0" encoding="windows-1255"?><a>', 'text/xml'],
    ["<?xml version='1.0' encoding='ISO-8859-8'?><a>", 'application/soap+xml'],
    ['<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1255">', 'text/html'],
    ['<html><meta charset=windows-1255>', 'text/html'],
  ])('are read by what the text says of itself: %s', async (start, type) => {
    answers(Buffer.concat([Buffer.from(start), Buffer.from([0xf9, 0xec, 0xe5, 0xed])]), type)
    expect((await ask()).content).toBe(`${start}שלום`)
  })

  it.each([
    ['gzip', gzipSync('"ש"')],
    ['br', brotliCompressSync('"ש"')],
    ['deflate', deflateSync('"ש"')],
  ])('packed by %s are unpacked', async (encoding, body) => {
    service.handler = (_seen, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(body)
    expect(await ask()).toEqual({ content: '"ש"' })
  })
})

describe('an answer of another type than it is', () => {
  it.each(['application/octet-stream', 'binary/octet-stream', 'application/javascript', 'text/html', 'foo'])(
    'JSON as %s is read',
    async (type) => {
      answers('{"seats":4}', type)
      expect(await ask({ pick: ['seats'] })).toEqual({ content: '{"seats":4}' })
      answers('{"error":"no seats"}', type, 409)
      expect((await ask()).content).toBe('The tool failed: the service answered 409: {"error":"no seats"}.')
    },
  )

  it.each([
    ['application/octet-stream', [0, 1, 2, 3]],
    ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0xe2, 0xe3]],
  ])('bytes as %s are no text', async (type, bytes) => {
    answers(Buffer.from(bytes), type)
    expect(await ask()).toEqual({ content: 'Done (200); the answer is not text.' })
  })

  it.each(['17', '"ABC-17"', 'true', 'null'])('%s in place of what is picked is told', async (body) => {
    answers(body)
    const content = body === 'null' ? 'Done (200), but the answer has none of id.' : body
    expect(await ask({ method: 'POST', pick: ['id'] })).toEqual({ content })
  })

  it.each<[string, string | Uint8Array, string, string]>([
    ['XML', '<error>no seats</error>', 'application/xml', ': <error>no seats</error>'],
    ['bytes', Buffer.from([0, 1, 2]), 'application/pdf', ''],
    ['a long list', JSON.stringify(Array(300).fill(1)), 'application/json', `: [${'1,'.repeat(149)}1`],
    ['a long text', 'x'.repeat(500), 'text/plain', `: ${'x'.repeat(300)}`],
  ])('that refuses with %s tells what can be read', async (_what, body, type, said) => {
    answers(body, type, 409)
    expect((await ask()).content).toBe(`The tool failed: the service answered 409${said}.`)
  })

  it('is read where its type says that it is a text, whatever is in it', async () => {
    answers('a\u0001b')
    expect(await ask()).toEqual({ content: 'a\u0001b' })
  })

  it('of one long text holds none of the picked fields', async () => {
    answers(JSON.stringify('x'.repeat(400)))
    expect(await ask({ pick: ['id'] })).toEqual({ content: 'Done (200), but the answer has none of id.' })
  })

  it('has its reason told where a trace of the stack stands before it', async () => {
    answers(JSON.stringify({ trace: 'at x '.repeat(200), message: 'no seats left' }), undefined, 409)
    expect((await ask()).content).toBe('The tool failed: the service answered 409: no seats left.')
  })
})

describe('a request that changes something and', () => {
  it.each([500, 502, 503, 504, 520, 524, 408])('is answered %i may have been carried out', async (status) => {
    answers('{"error":"down."}', undefined, status)
    const { content } = await ask({ method: 'POST' })
    expect(content).toBe(`The tool failed: the service answered ${status}: {"error":"down."}. ${PERHAPS}`)
    expect(service.seen).toHaveLength(1)
    expect((await ask()).content).not.toContain(PERHAPS)
  })

  it.each([400, 401, 403, 404, 405, 409, 410, 422, 429, 501, 505])(
    'is answered %i was not',
    async (status) => {
      answers('{"error":"no"}', undefined, status)
      expect((await ask({ method: 'POST' })).content).not.toContain(PERHAPS)
      expect(service.seen).toHaveLength(1)
    },
  )

  it.each<[string, Answering]>([
    ['another host', (_s, res) => res.writeHead(303, { location: 'https://other.example/' }).end()],
    ['nowhere', (_s, res) => res.writeHead(302).end()],
    ['itself for ever', (_s, res) => res.writeHead(303, { location: '/x' }).end()],
    [
      'what does not answer',
      ({ url }, res) => (url === '/x' ? res.writeHead(303, { location: '/end' }).end() : res.destroy()),
    ],
    [
      'a page that is not there',
      ({ url }, res) =>
        res.writeHead(url === '/x' ? 303 : 404, url === '/x' ? { location: '/end' } : {}).end(),
    ],
  ])('is redirected to %s may have been carried out', async (_what, handle) => {
    service.handler = handle
    expect((await ask({ method: 'POST' })).content).toContain(PERHAPS)
    expect(service.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect((await ask()).content).not.toContain(PERHAPS)
  })

  it('found a port that fetch does not use was not sent', async () => {
    const { content } = await ask({ method: 'POST', url: 'http://127.0.0.1:6000/x' })
    expect(content).toBe('The tool failed: the service cannot be reached (network fault).')
  })

  it('found no TLS was not sent', async () => {
    const { content } = await ask({ method: 'POST', url: `${service.base.replace('http', 'https')}/x` })
    expect(content).toMatch(/^The tool failed: the service cannot be reached \(\w+\)\.$/)
    expect(service.seen).toEqual([])
  })

  it('found nonsense in place of an answer is sent once, a question too', async () => {
    service.handler = (_seen, response) => response.socket?.end('nonsense\r\n\r\n')
    expect(await ask()).toMatchObject({ failed: true })
    expect(service.seen).toHaveLength(1)
  })

  it('lost its connection is sent once, and a question is asked once more', async () => {
    service.handler = ({ method }, response) => {
      if (method === 'POST' || service.seen.length === 2) response.destroy()
      else response.end('there')
    }
    expect((await ask({ method: 'POST' })).content).toContain(PERHAPS)
    expect(service.seen).toHaveLength(1)
    expect(await ask()).toEqual({ content: 'there' })
    expect(service.seen).toHaveLength(3)
  })
})

describe('what a service repeats of a request holds no key', () => {
  it('and all that is none', async () => {
    service.handler = (_seen, response) => response.writeHead(422).end('northern-shop, Haifa-north, {id}')
    const { content } = await ask(
      {
        url: `${service.base}/x?city=Haifa-north&api_key={id}`,
        headers: { 'X-Shop': 'northern-shop' },
        parameters: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      },
      { id: '7' },
    )
    expect(content).toContain('northern-shop, Haifa-north, {id}')
  })

  const KEY = 'Zk9/7hd+Lw2/qPx4'
  it.each<[string, Partial<HttpToolSettings>, (sent: Seen) => string]>([
    ['of the body', { body: { api_key: KEY, size: 4 } }, ({ body }) => `{"input":${body}}`],
    ['deep in the body', { body: { auth: { password: KEY } } }, ({ body }) => `{"input":${body}}`],
    ['in the path', { url: '/hooks/T0254AB91/XXk29sdf9wk3jfl2kd9sl2' }, ({ url }) => `{"path":"${url}"}`],
    [
      'with its slashes escaped',
      { auth: { type: 'bearer', token: KEY } },
      () => `{"bad":"${KEY.replaceAll('/', '\\/')}"}`,
    ],
    [
      'with a letter escaped',
      { auth: { type: 'bearer', token: KEY } },
      () => `{"bad":"\\u005a\\u006b\\u0039${KEY.slice(3, 5)}\\u0068${KEY.slice(6)}"}`,
    ],
    ['of the query', { url: `/x?api_key=${encodeURIComponent(KEY)}` }, () => `{"bad":"${KEY}"}`],
    ['of a cookie', { headers: { Cookie: 'lang=he; sid=q8w7e6r5' } }, () => '{"sid":"q8w7e6r5"}'],
    [
      'of a signature',
      { headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=me, Signature=fe5f80f7' } },
      () => '{"given":"fe5f80f7"}',
    ],
    [
      'of a Basic header',
      { headers: { Authorization: `Basic ${Buffer.from('kav:pa55w0rd').toString('base64')}` } },
      () => '{"password":"pa55w0rd"}',
    ],
  ])('%s', async (_what, changes, echo) => {
    service.handler = (sent, response) =>
      response.writeHead(422, { 'content-type': 'application/json' }).end(echo(sent))
    const url = `${service.base}${changes.url ?? '/x'}`
    const { content } = await ask({ method: 'POST', ...changes, url })
    expect(content).toContain('the service answered 422: {')
    expect(content).toContain('(hidden)')
    expect(content).not.toMatch(/Zk9|7hd|qPx4|XXk29|q8w7e6r5|fe5f80f7|pa55w0rd/)
  })
})
