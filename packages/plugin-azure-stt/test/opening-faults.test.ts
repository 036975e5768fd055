import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { failure, open, provide, serve } from './open-for-test.ts'

const REFUSALS = [
  { status: 401, class: 'auth' },
  { status: 403, class: 'auth' },
  { status: 404, class: 'bad-request' },
  { status: 429, class: 'quota' },
  { status: 503, class: 'network' },
] as const

for (const { status, class: expected } of REFUSALS) {
  it(`an upgrade refused with ${status} is ${expected}, after two attempts at most`, async () => {
    const server = await serve({ script: () => ({ refuse: status }) })
    const error = await failure(open(provide({ host: server.host }).provider))
    expect(error.class).toBe(expected)
    expect(error.message).toContain(`${status}`)
    expect(error.details).toMatchObject({ region: 'westeurope', status })
    expect(server.connections.length).toBeLessThanOrEqual(2)
  })
}

it('a refused port is network', async () => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as { port: number }
  await new Promise((resolve) => closed.close(resolve))
  const error = await failure(open(provide({ host: `ws://127.0.0.1:${port}` }).provider))
  expect(error).toMatchObject({ class: 'network', retryable: true })
})

it('a connection reset before the answer is network', async () => {
  const server = await serve({ script: () => ({ refuse: 'reset' }) })
  expect((await failure(open(provide({ host: server.host }).provider))).class).toBe('network')
})

it('a server that never answers is a timeout after connect_timeout_ms, and no socket is left', async () => {
  const server = await serve({ script: () => ({ refuse: 'hang' }) })
  const error = await failure(open(provide({ host: server.host, connect_timeout_ms: 200 }).provider))
  expect(error).toMatchObject({ class: 'timeout', retryable: true })
  await server.until(() => server.openSockets === 0)
})

it('an abort while the server does not answer ends the opening at once, and no socket is left', async () => {
  const server = await serve({ script: () => ({ refuse: 'hang' }) })
  const abort = new AbortController()
  const opening = failure(open(provide({ host: server.host }).provider, { signal: abort.signal }))
  await server.until(() => server.connections.length === 1)
  abort.abort()
  expect((await opening).class).toBe('cancelled')
  await server.until(() => server.openSockets === 0)
})

it('a host that is no URL is bad-request and names the param', async () => {
  const error = await failure(open(provide({ host: 'ws://not a host' }).provider))
  expect(error.class).toBe('bad-request')
  expect(error.message).toContain('stt.params.host')
})

it('without a key the error names the param', async () => {
  const error = await failure(open(provide({ key: '' }).provider))
  expect(error.class).toBe('auth')
  expect(error.message).toContain('stt.params.key')
})

it('where regions have keys of their own, a refused key is the fault of its region alone', async () => {
  const server = await serve({ script: () => ({ refuse: 401 }) })
  const { provider } = provide({
    host: server.host,
    fallback_regions: ['northeurope'],
    region_keys: { northeurope: 'another-secret-key' },
  })
  const error = await failure(open(provider, { region: 'westeurope' }))
  expect(error.class).toBe('bad-request')
  expect(error.message).toContain('key')
})
