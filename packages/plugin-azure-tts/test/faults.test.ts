import { inspect } from 'node:util'
import { testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import type { VoiceScript } from '../src/testing/index.ts'
import { KEY, provide, rest, serve, speak, whole } from './open-for-test.ts'

const LONG = 'A sentence that is long enough to be cut in the middle of it.'

for (const code of [1000, 1011, 'reset'] as const) {
  it(`a connection that ends in mid-sentence (${code}) is network, to be tried again, and says how far it got`, async () => {
    const server = await serve({ script: () => ({ cut: { afterBytes: 4000, code }, chunkDelayMs: 1 }) })
    const { provider } = provide({ host: server.host })
    const { bytes, error } = await rest(speak(provider, LONG))
    expect(error).toMatchObject({ class: 'network', retryable: true })
    expect(error?.message).toContain('cut after')
    expect(error?.details).toMatchObject({ spokenMs: bytes.length / 8 })
    expect(bytes.length).toBeGreaterThan(0)
    expect(bytes.length).toBeLessThanOrEqual(4000)
  })
}

it('a connection that goes dead in mid-sentence is a timeout, and its socket is dropped', async () => {
  const server = await serve({ script: () => ({ stallAfterBytes: 1600 }) })
  const { provider } = provide({ host: server.host, stall_timeout_ms: 200, spares: 0 })
  const { bytes, error } = await rest(speak(provider, LONG))
  expect(error).toMatchObject({ class: 'timeout', retryable: true })
  expect(bytes).toHaveLength(1600)
  await server.until(() => server.connections[0]?.state !== undefined && server.openSockets <= 1)
})

const REFUSALS = [
  { status: 401, class: 'auth' },
  { status: 403, class: 'auth' },
  { status: 429, class: 'quota' },
  { status: 503, class: 'network' },
] as const

for (const { status, class: expected } of REFUSALS) {
  it(`an upgrade refused with ${status} is ${expected}`, async () => {
    const server = await serve({ script: () => ({ refuse: status }) })
    const { error } = await rest(speak(provide({ host: server.host }).provider, 'Hello.'))
    expect(error?.class).toBe(expected)
    expect(error?.message).toContain(`${status}`)
  })
}

it('a server that never answers is a timeout after connect_timeout_ms, and no socket is left', async () => {
  const server = await serve({ script: () => ({ refuse: 'hang' }) })
  const { provider } = provide({ host: server.host, connect_timeout_ms: 200, spares: 0 })
  const { error } = await rest(speak(provider, 'Hello.'))
  expect(error).toMatchObject({ class: 'timeout' })
  await provider.close()
  await server.until(() => server.openSockets === 0)
})

it('a refused port is network', async () => {
  const { error } = await rest(speak(provide({ host: 'ws://127.0.0.1:1' }).provider, 'Hello.'))
  expect(error).toMatchObject({ class: 'network', retryable: true })
})

it('a document the service refuses is bad-request, with its reason', async () => {
  const server = await serve({ script: () => ({ refuseSsml: 'Unsupported voice he-IL-NobodyNeural' }) })
  const { error } = await rest(speak(provide({ host: server.host }).provider, 'Hello.'))
  expect(error).toMatchObject({ class: 'bad-request', retryable: false })
  expect(error?.message).toContain('he-IL-NobodyNeural')
})

it('a sentence for which no audio comes ends without any', async () => {
  const server = await serve({ script: () => ({ silent: true }) })
  expect(await whole(provide({ host: server.host }).provider, 'Hello.')).toHaveLength(0)
})

it('failing to warm up is no error', async () => {
  const server = await serve({ script: () => ({ refuse: 503 }) })
  await provide({ host: server.host }).provider.warm?.('call')
  await provide({ key: '' }).provider.warm?.('call')
})

const LEAKS: Record<string, VoiceScript> = {
  'a refused key': { refuse: 401 },
  'a refused document that quotes the URL': { refuseSsml: `wss://x/y?Ocp-Apim-Subscription-Key=${KEY}` },
  'a cut': { cut: { afterBytes: 800, code: 1011 } },
  'a server that does not answer': { refuse: 'hang' },
}

for (const [name, script] of Object.entries(LEAKS)) {
  it(`the key appears nowhere after ${name}`, async () => {
    const server = await serve({ script: () => script })
    const context = testContext()
    const { provider } = provide({ host: server.host, connect_timeout_ms: 200 }, context)
    const { error } = await rest(speak(provider, LONG))
    const everything = inspect([error, context.log, context.metrics], { depth: 20, showHidden: true })
    expect(everything).toContain('Azure')
    expect(everything).not.toContain(KEY)
  })
}
