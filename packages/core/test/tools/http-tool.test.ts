import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/index.ts'
import { Cut } from '../../src/kit/cut.ts'
import { interruptedTool } from '../../src/tools/cut-words.ts'
import { type Answering, json, type Seen, serviceRig } from './service-rig.ts'
import { httpTool, toolRig } from './tool-rig.ts'

const service = serviceRig()
const { ask } = service

const text = { type: 'string' }
const withId = { type: 'object', properties: { id: text, note: text }, required: ['id'] }

function png(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'image/png' }).end('\x89PNG')
}

describe('an HTTP tool asks', () => {
  it('with GET, its arguments in the URL, and tells the answer as it is', async () => {
    service.handler = (_request, response) => json(response, { status: 'sent', eta: '2 days' })
    const url = `${service.base}/orders/{id}?note={note}`
    expect(await ask({ url, parameters: withId }, { id: 'A/7', note: 'שלום' })).toEqual({
      content: '{"status":"sent","eta":"2 days"}',
    })
    expect(service.seen).toMatchObject([
      { method: 'GET', url: '/orders/A%2F7?note=%D7%A9%D7%9C%D7%95%D7%9D', body: '' },
    ])
    expect(service.seen[0]!.headers['content-type']).toBeUndefined()
    expect(service.seen[0]!.headers['user-agent']).toBe('kav')
  })

  it.each(['POST', 'PUT', 'PATCH'] as const)('with %s, the rest of its arguments as JSON', async (method) => {
    await ask({ method, url: `${service.base}/orders/{id}`, parameters: withId }, { id: '7', note: 'a "b"' })
    expect(service.seen).toMatchObject([{ method, url: '/orders/7', body: '{"note":"a \\"b\\""}' }])
    expect(service.seen[0]!.headers['content-type']).toBe('application/json')
  })

  it('with the body of the file, filled', async () => {
    const body = { order: '{id}', phone: '{{from}}', source: 'phone' }
    await ask({ method: 'POST', parameters: withId, body }, { id: '7' })
    expect(JSON.parse(service.seen[0]!.body)).toEqual({ order: '7', phone: '+15551230000', source: 'phone' })
  })

  it('with headers and credentials', async () => {
    const headers = { 'X-Shop': 'north', 'X-Caller': '{{from}}', 'X-None': '{{gone}}' }
    await ask({ headers, auth: { type: 'bearer', token: 'tok-1' } })
    await ask({ auth: { type: 'basic', user: 'kav', password: 'pä:ss' } })
    expect(service.seen[0]!.headers).toMatchObject({
      'x-shop': 'north',
      'x-caller': '+15551230000',
      'x-none': '',
      authorization: 'Bearer tok-1',
    })
    const basic = String(service.seen[1]!.headers.authorization).replace('Basic ', '')
    expect(Buffer.from(basic, 'base64').toString()).toBe('kav:pä:ss')
  })

  it('and a value of the call cannot add a header', async () => {
    const rig = toolRig({
      settings: { http: [httpTool({ url: `${service.base}/x`, headers: { 'X-Caller': '{{from}}' } })] },
      call: { params: { from: 'a\r\nX-Admin: 1\u0000שb' } },
    })
    await rig.run('ask')
    expect(service.seen[0]!.headers['x-caller']).toBe('aX-Admin: 1b')
    expect(service.seen[0]!.headers['x-admin']).toBeUndefined()
  })

  it('not at all when a place of the path is empty', async () => {
    const outcome = await ask({ url: `${service.base}/orders/{id}`, parameters: withId }, { id: '..' })
    expect(outcome).toEqual({ content: 'The tool failed: id is not a usable value.', failed: true })
    expect(service.seen).toEqual([])
  })
})

describe('an answer', () => {
  it('is reduced to what is picked', async () => {
    service.handler = (_request, response) =>
      json(response, { order: { status: 'sent', secret: 1, items: [{ name: 'lamp' }, { name: 'desk' }] } })
    expect(await ask({ pick: ['order.status', 'order.items.name', 'order.gone'] })).toEqual({
      content: '{"order.status":"sent","order.items.name":["lamp","desk"]}',
    })
    expect(await ask({ pick: ['gone'] })).toEqual({
      content: 'Done (200), but the answer has none of gone.',
    })
  })

  it('that is huge is cut between characters, the model is told, and the rest is not read', async () => {
    service.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const more = (): void => {
        while (!response.destroyed)
          if (!response.write('א'.repeat(1000))) return void response.once('drain', more)
      }
      more()
    }
    const { content } = await ask({ maxResponseBytes: 1001 })
    expect(content).toBe(`${'א'.repeat(500)}\n[cut: the answer is longer than 1001 bytes]`)
    await service.hungUp
  })

  it('that is huge cannot be picked from', async () => {
    service.handler = (_request, response) => json(response, { list: 'x'.repeat(5000) })
    expect(await ask({ maxResponseBytes: 1000, pick: ['list'] })).toEqual({
      content: 'Done (200), but the answer is longer than 1000 bytes, so that nothing can be picked from it.',
    })
  })

  it('that is small but unpacks to something huge is cut too', async () => {
    service.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
      response.end(gzipSync(Buffer.alloc(20_000_000, 'a')))
    }
    const { content } = await ask({ maxResponseBytes: 1000 })
    expect(content).toHaveLength(1000 + '\n[cut: the answer is longer than 1000 bytes]'.length)
  })

  it.each<[string, Answering, string]>([
    ['without content', (_r, res) => res.writeHead(204).end(), 'Done (204, no content).'],
    ['without words', (_r, res) => res.writeHead(200).end(' \n'), 'Done (200, no content).'],
    [
      'that is not JSON though it says so',
      (_r, res) => res.writeHead(200, { 'content-type': 'application/json' }).end('{"a":'),
      '{"a":',
    ],
    ['that is a picture', (_r, res) => png(res), 'Done (200); the answer is not text.'],
    [
      'that breaks off',
      (_r, res) => {
        res.writeHead(201, { 'content-type': 'text/plain', 'content-length': '100' })
        res.write('half', () => res.destroy())
      },
      'half\n[cut: the answer broke off (UND_ERR_SOCKET)]',
    ],
    [
      'that breaks off at once',
      (_r, res) => {
        res.writeHead(201, { 'content-type': 'text/plain', 'content-length': '100' })
        res.flushHeaders()
        setImmediate(() => res.destroy())
      },
      'Done (201); the answer broke off (UND_ERR_SOCKET).',
    ],
  ])('%s is told as done', async (_what, handle, content) => {
    service.handler = handle
    expect(await ask()).toEqual({ content })
    expect(await ask({ method: 'POST' })).toEqual({ content })
  })

  it.each([
    ['OK', 'OK'],
    ['{"secret":1', 'Done (200), but the answer is not JSON.'],
  ])(
    'of %s in place of what is picked is no failure, and holds nothing back that was asked for',
    async (sent, content) => {
      service.handler = (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(sent)
      expect(await ask({ method: 'POST', pick: ['id'] })).toEqual({ content })
    },
  )

  it.each<[string, number[], string]>([
    ['application/json; charset=ISO-8859-1', [0x22, 0x4d, 0xfc, 0x22], '"Mü"'],
    ['text/plain;charset="windows-1255"', [0xf9, 0xec, 0xe5, 0xed], 'שלום'],
    ["text/plain; format=flowed; Charset='Shift_JIS'", [0x93, 0xfa], '日'],
    ['text/plain; charset=utf-16le', [0xe9, 0x05], 'ש'],
    ['text/plain; charset=no-such-thing', [0xc3, 0xbc], 'ü'],
    ['text/plain', [0xc3, 0xbc], 'ü'],
  ])('in %s is read as such', async (type, bytes, content) => {
    service.handler = (_request, response) =>
      response.writeHead(200, { 'content-type': type }).end(Buffer.from(bytes))
    expect(await ask()).toEqual({ content })
  })

  it.each<[string, Answering, string]>([
    [
      'of 404 with a reason',
      (_r, res) => json(res, { error: 'no such order' }, 404),
      'the service answered 404: {"error":"no such order"}',
    ],
    [
      'of 500 with a page',
      (_r, res) => res.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Oops</h1>'),
      'the service answered 500',
    ],
    ['of 304 that nobody asked for', (_r, res) => res.writeHead(304).end(), 'the service answered 304'],
    [
      'that is cut off before its head',
      (_r, res) => res.destroy(),
      'the service cannot be reached (UND_ERR_SOCKET)',
    ],
  ])('%s is told as a failure', async (_what, handle, reason) => {
    service.handler = handle
    expect(await ask()).toEqual({ content: `The tool failed: ${reason}.`, failed: true })
  })

  it('of an error is told briefly', async () => {
    service.handler = (_request, response) => json(response, 'x'.repeat(5000), 400)
    expect((await ask()).content.length).toBeLessThan(400)
  })

  it('that repeats credentials, whole or in part, does not hand them on', async () => {
    service.handler = ({ headers, url }, response) =>
      json(response, { bad: headers.authorization?.split(' ')[1], key: headers['x-api-key'], url }, 401)
    const auth = { type: 'bearer', token: 'tok-hidden' } as const
    for (const keys of [{ auth }, { headers: { Authorization: 'Bearer short-hidden' } }]) {
      const headers = { 'X-Api-Key': 'key-hidden', ...keys.headers }
      const { content } = await ask({ url: `${service.base}/x?api_key=query-hidden`, ...keys, headers })
      expect(content).toContain('the service answered 401')
      expect(content).not.toMatch(/(tok|short|key|query)-hidden/)
    }
  })

  it('of a service that is not there is told by its code alone', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const outcome = await ask({ url: `http://127.0.0.1:${port}/secret-path?key=secret` })
    expect(outcome).toEqual({
      content: 'The tool failed: the service cannot be reached (ECONNREFUSED).',
      failed: true,
    })
  })
})

describe('a redirect', () => {
  const redirectTo = (location: (request: Seen) => string, status = 302): void => {
    service.handler = (request, response) => {
      if (request.url === '/end') json(response, { there: true })
      else response.writeHead(status, { location: location(request) }).end('moved')
    }
  }

  it('within the host is followed, credentials included', async () => {
    redirectTo(() => '/end')
    expect(await ask({ auth: { type: 'bearer', token: 'tok-1' } })).toEqual({ content: '{"there":true}' })
    expect(service.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer tok-1', 'Bearer tok-1'])
  })

  it.each([
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', '{"id":"7"}'],
    [308, 'PUT', 'PUT', '{"id":"7"}'],
  ] as const)('%s of %s goes on with %s', async (status, method, next, body) => {
    redirectTo(() => '/end', status)
    await ask({ method, parameters: withId }, { id: '7' })
    expect(service.seen[1]).toMatchObject({ method: next, url: '/end', body })
    expect(service.seen[1]!.headers['content-type']).toBe(body === '' ? undefined : 'application/json')
  })

  it('more than three times is given up', async () => {
    redirectTo(({ url }) => `${url}x`)
    expect(await ask()).toMatchObject({
      content: 'The tool failed: the service redirects more than 3 times.',
    })
    expect(service.seen).toHaveLength(4)
  })

  it.each([
    'http://localhost:1/end',
    'http://127.0.0.1:1/end',
    '//other.example/end',
    'https://127.0.0.1/x',
    'file:///etc/passwd',
    'javascript:1',
    'http://[',
  ])('to %s is not followed', async (location) => {
    redirectTo(() => location)
    expect(await ask()).toEqual({
      content: 'The tool failed: the service redirects to another host, which is not followed.',
      failed: true,
    })
    expect(service.seen).toHaveLength(1)
  })
})

describe('a service that takes too long', () => {
  it.each<[string, Answering]>([
    ['before its answer', () => {}],
    [
      'in its answer',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' })
        response.write('half')
      },
    ],
  ])('%s is given up, and the request ends', async (_what, handle) => {
    service.handler = handle
    const { clock, advance, pending } = createFakeClock()
    const rig = toolRig({
      settings: { http: [httpTool({ url: `${service.base}/x`, timeoutMs: 3000 })] },
      clock,
    })
    const running = rig.run('ask')
    while (service.seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await advance(3000)
    expect(await running).toEqual({
      content: 'The tool took longer than 3000 ms and was given up.',
      failed: true,
    })
    await service.hungUp
    expect(pending()).toBe(0)
    expect(rig.counted('ask', 'timeout')).toBe(1)
  })

  it('may have done what it was asked to, where that changes anything', async () => {
    service.handler = () => {}
    const { clock, advance } = createFakeClock()
    const http = [httpTool({ url: `${service.base}/x`, method: 'POST', timeoutMs: 3000 })]
    const running = toolRig({ settings: { http }, clock }).run('ask')
    while (service.seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await advance(3000)
    expect((await running).content).toMatch(/given up\. It may have been carried out all the same\.$/)
  })

  it('likewise where the connection ends before the answer', async () => {
    service.handler = (_request, response) => response.destroy()
    expect(await ask({ method: 'PUT' })).toEqual({
      content:
        'The tool failed: the service did not answer (UND_ERR_SOCKET). It may have been carried out all the same.',
      failed: true,
    })
  })

  it('is left to finish when the caller speaks over a request that changes something', async () => {
    let answer = (): void => {}
    service.handler = (_request, response) => (answer = () => json(response, { id: 17 }))
    const { clock, pending } = createFakeClock()
    const caller = new AbortController()
    const rig = toolRig({
      settings: { http: [httpTool({ url: `${service.base}/x`, method: 'POST' })] },
      clock,
    })
    const running = rig.run('ask', {}, caller.signal)
    while (service.seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
    caller.abort(new Cut('caller'))
    const { later, ...told } = await running
    expect(told).toEqual({ content: interruptedTool('caller'), failed: true })
    answer()
    expect(await later).toEqual({ content: '{"id":17}' })
    expect(rig.counted('ask', 'cancelled')).toBe(1)
    expect(pending()).toBe(0)
  })

  it('ends with the caller too', async () => {
    service.handler = () => {}
    const caller = new AbortController()
    const rig = toolRig({ settings: { http: [httpTool({ url: `${service.base}/x` })] } })
    const running = rig.run('ask', {}, caller.signal)
    while (service.seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
    caller.abort()
    expect(await running).toMatchObject({ failed: true })
    await service.hungUp
    expect(rig.counted('ask', 'cancelled')).toBe(1)
  })
})
