import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createFakeClock, liveCheckContract, testContext, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openaiLlm, openaiRealtime, openaiStt, openaiTts } from '../src/index.ts'
import { closeAfterTest } from './setup.ts'

const KEY = 'sk-test-secret-of-nobody'
type Answers = Readonly<Record<string, { status?: number; body: unknown }>>

const models = (...ids: string[]) => ({
  body: { object: 'list', data: ids.map((id) => ({ id, object: 'model' })) },
})
const refused = (status: number, message: string, more: object = {}) => ({
  status,
  body: { error: { message, type: 'invalid_request_error', ...more } },
})
const PAGE = '<!doctype html><html><head><title>Sign in</title></head><body>secret page</body></html>'

/** An HTTP server that answers these paths, and others as `*`, or with 404 in plain text. */
async function listen(answers: Answers) {
  const asked: IncomingMessage[] = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request)
    const path = new URL(request.url!, 'http://loopback').pathname
    const { status = 200, body } = answers[path] ??
      answers['*'] ?? { status: 404, body: '404 page not found' }
    if (body === 'silence') return
    const isText = typeof body === 'string'
    response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json' })
    response.end(isText ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serve(answers: Answers) {
  const server = await listen(answers)
  closeAfterTest(() => server.close())
  return server
}

/** Where nothing listens. */
async function nobodyAt(): Promise<string> {
  const server = await listen({})
  await server.close()
  return server.origin
}

const llm = (given: object, context = testContext()) =>
  openaiLlm.liveCheck!(testParams(openaiLlm.params, { api_key: KEY, ...given }), context)

/** The one finding, without the port of the test. */
async function only(checking: ReturnType<typeof llm>) {
  const findings = (await checking).map(({ level, message, fix }) => ({
    level,
    message: message.replace(/127\.0\.0\.1:\d+/g, 'HOST'),
    ...(fix !== undefined && { fix: fix.replace(/127\.0\.0\.1:\d+/g, 'HOST') }),
  }))
  expect(findings).toHaveLength(1)
  expect(JSON.stringify(findings)).not.toContain(KEY)
  expect(JSON.stringify(findings)).not.toContain('secret page')
  return findings[0]!
}

describe('the model', () => {
  it.each([
    ['OpenAI', 'gpt-4o-mini', models('gpt-4o', 'gpt-4o-mini').body],
    ['Ollama, by the short name', 'llama3.2', models('llama3.2:latest').body],
    ['Google', 'gemini-2.0-flash', models('models/gemini-2.0-flash').body],
    ['OpenRouter, by a variant', 'openai/gpt-4o:nitro', models('openai/gpt-4o').body],
    ['LiteLLM, passed on', 'openai/gpt-4o', models('openai/*').body],
    ['Together, a bare list', 'meta/llama', [{ id: 'meta/llama' }]],
    ['llama.cpp, under any name', 'whatever', { data: [{ id: 'model.gguf', owned_by: 'llamacpp' }] }],
  ])('is there at %s', async (_server, model, body) => {
    const { origin } = await serve({ '/v1/models': { body } })
    expect((await only(llm({ base_url: `${origin}/v1`, model }))).level).toBe('ok')
  })

  it('is not looked for in a list without an end', async () => {
    let isCut = false
    const piece = 'x'.repeat(65_536)
    const server = createServer((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', more).on('close', () => (isCut = true))
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":[{"id":"')
      more()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closeAfterTest(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    const { port } = server.address() as AddressInfo
    const { level } = await only(llm({ base_url: `http://127.0.0.1:${port}/v1`, model: 'gpt-4o-mini' }))
    expect(level).not.toBe('ok')
    await expect.poll(() => isCut).toBe(true)
  })

  it('that is not listed is told with the nearest that is', async () => {
    const { origin, asked } = await serve({ '/v1/models': models('gpt-4o', 'gpt-4o-mini') })
    expect(await only(llm({ base_url: `${origin}/v1`, model: 'gpt-4o-mni' }))).toEqual({
      level: 'error',
      message: 'HOST answers and does not list "gpt-4o-mni" (model)',
      fix: 'Set model to "gpt-4o-mini", the nearest that is listed.',
    })
    expect(asked[0]!.headers.authorization).toBe(`Bearer ${KEY}`)
  })

  it('that is far from all is told with what there is', async () => {
    const { origin } = await serve({ '/v1/models': models('a', 'b') })
    const { fix } = await only(llm({ base_url: `${origin}/v1`, model: 'gpt-4o' }))
    expect(fix).toBe('Set model to one that is listed: "a", "b".')
  })

  it('that the list leaves out may be known by name', async () => {
    const { origin } = await serve({
      '/v1/models': models('gpt-4o'),
      '/v1/models/ft%3Aown': { body: { id: 'ft:own' } },
    })
    expect((await only(llm({ base_url: `${origin}/v1`, model: 'ft:own' }))).level).toBe('ok')
  })

  it('that a server knows by no name is not there, though it answers', async () => {
    const { origin } = await serve({ '/v1/models': models('gpt-4o'), '*': { body: {} } })
    expect((await only(llm({ base_url: `${origin}/v1`, model: 'own' }))).level).toBe('error')
  })

  it('is a doubt where the list is only a part', async () => {
    const { origin } = await serve({ '/v1/models': { body: { data: [{ id: 'a' }], has_more: true } } })
    expect((await only(llm({ base_url: `${origin}/v1`, model: 'b' }))).level).toBe('warning')
  })

  it('is missing where nothing is loaded', async () => {
    const { origin } = await serve({ '/v1/models': { body: { object: 'list', data: null } } })
    const { level, fix } = await only(llm({ base_url: `${origin}/v1`, model: 'llama3.2' }))
    expect([level, fix]).toEqual(['error', 'Load a model at the server (it lists none), or correct model.'])
  })

  it('of Azure is a deployment, which no list has', async () => {
    const { origin, asked } = await serve({ '/openai/models': models('gpt-4o') })
    const params = {
      base_url: `${origin}/openai/deployments/front-desk`,
      query: { 'api-version': '2024-10-21' },
      headers: { 'api-key': KEY },
      model: 'front-desk',
    }
    const { level, message } = await only(llm(params))
    expect([level, message]).toEqual(['ok', expect.stringContaining('deployment cannot be asked')])
    expect(asked[0]!.url).toContain('api-version=2024-10-21')
  })
})

describe('the key', () => {
  it.each([
    [
      'refused',
      refused(401, `Incorrect API key provided: ${KEY}.`),
      'error',
      /refuses the key/,
      /neither revoked/,
    ],
    [
      'of a country',
      refused(403, 'no', { code: 'unsupported_country_region_territory' }),
      'error',
      /country/,
      /region/,
    ],
    [
      'with few rights',
      refused(403, 'Missing scopes: api.model.read'),
      'warning',
      /no list of models/,
      /right to list/,
    ],
    [
      'without credit',
      refused(429, 'quota', { code: 'insufficient_quota' }),
      'error',
      /no credit/,
      /billing/,
    ],
    [
      'in a hurry',
      refused(429, 'slow down', { code: 'rate_limit_exceeded' }),
      'warning',
      /capacity/,
      /minute/,
    ],
    ['at a broken server', refused(503, 'overloaded'), 'error', /HTTP 503/, /status page/],
  ] as const)('%s', async (_what, answer, level, message, fix) => {
    const { origin } = await serve({ '*': answer })
    const found = await only(llm({ base_url: `${origin}/v1` }))
    expect(found.level).toBe(level)
    expect(found.message).toMatch(message)
    expect(found.fix).toMatch(fix)
  })

  it('that is missing is named', async () => {
    const { origin } = await serve({ '*': refused(401, 'no key') })
    const found = await only(llm({ base_url: `${origin}/v1`, api_key: undefined }))
    expect(found).toMatchObject({
      message: expect.stringContaining('api_key is not set'),
      fix: 'Set api_key to a key of HOST.',
    })
  })
})

describe('base_url', () => {
  it.each([
    ['a page', { '*': { body: PAGE }, '/v1/models': models('gpt-4o-mini') }, ''],
    ['a page with status 404', { '*': { status: 404, body: PAGE }, '/v1/models': models('a') }, ''],
    ['nothing', { '/v1/models': models('gpt-4o-mini') }, '/'],
    ['nothing, and the key is wrong', { '/v1/models': refused(401, 'no') }, ''],
  ])('without /v1 is told where %s answers', async (_what, answers: Answers, path) => {
    const { origin } = await serve(answers)
    const { level, fix } = await only(llm({ base_url: `${origin}${path}` }))
    expect([level, fix]).toEqual(['error', 'Set base_url to "http://HOST/v1".'])
  })

  it('of a portal', async () => {
    const { origin } = await serve({ '*': { body: PAGE } })
    const { level, message } = await only(llm({ base_url: `${origin}/v1` }))
    expect([level, message]).toEqual(['error', 'HOST answers with a web page instead of a list of models'])
  })

  it.each(['/chat/completions', '/models', '/audio/speech/'])('with %s in it', async (path) => {
    const found = await only(llm({ base_url: `http://127.0.0.1:9/v1${path}` }))
    expect(found.fix).toBe('Set base_url to "http://HOST/v1".')
  })

  it('of a gateway without a list leaves it to a call', async () => {
    const { origin } = await serve({})
    const { level, message } = await only(llm({ base_url: `${origin}/v1` }))
    expect([level, message]).toEqual([
      'warning',
      'HOST has no list of models (HTTP 404): key and models cannot be asked',
    ])
  })

  it('of nobody', async () => {
    const found = await only(llm({ base_url: `${await nobodyAt()}/v1` }))
    expect(found.message).toBe('HOST cannot be reached: nothing listens there (ECONNREFUSED)')
  })

  it('with TLS where there is none', async () => {
    const { origin } = await serve({})
    const found = await only(llm({ base_url: `${origin.replace('http:', 'https:')}/v1` }))
    expect(found.fix).toMatch(/http:\/\//)
  })

  it('of a server that says nothing is left after 10 s', async () => {
    const { origin, asked } = await serve({ '*': { body: 'silence' } })
    const time = createFakeClock()
    const checking = llm({ base_url: `${origin}/v1` }, testContext({ clock: time.clock }))
    await expect.poll(() => asked.length).toBe(1)
    await time.advance(10_000)
    expect((await only(checking)).message).toBe('HOST cannot be reached: no answer came in time')
  })
})

describe('each kind asks for what it uses', () => {
  const answers = {
    '/v1/models': models('tts-1', 'gpt-4o-transcribe', 'gpt-realtime', 'whisper-1'),
    '/v1/audio/voices': { body: { voices: ['af_bella', 'af_sky'] } },
  }
  const levels = async (checking: Promise<readonly { level: string; message: string }[]>) =>
    (await checking).map(({ level, message }) => `${level} ${/"[^"]+"/.exec(message)?.[0]}`)

  it.each([
    ['af_bella', 'ok "af_bella"'],
    ['af_bella+af_sky(0.5)', 'ok "af_bella+af_sky(0.5)"'],
    ['af_bela', 'error "af_bela"'],
  ])('tts: the model, and the voice %s where voices are listed', async (voice, found) => {
    const { origin } = await serve(answers)
    const params = testParams(openaiTts.params, { base_url: `${origin}/v1`, model: 'tts-1', voice })
    expect(await levels(openaiTts.liveCheck!(params, testContext()))).toEqual(['ok "tts-1"', found])
  })

  it.each([
    [{}, ['ok "gpt-4o-transcribe"']],
    [{ mode: 'utterances', model: 'whisper-1' }, ['ok "whisper-1"']],
    [{ model: 'gpt-realtime-whisper' }, ['error "gpt-realtime-whisper"', 'ok "gpt-4o-transcribe"']],
    [{ file_model: 'whisper-2' }, ['ok "gpt-4o-transcribe"', 'error "whisper-2"']],
  ])('stt %o', async (given, found) => {
    const { origin } = await serve(answers)
    const params = testParams(openaiStt.params, { base_url: `${origin}/v1`, ...given })
    expect(await levels(openaiStt.liveCheck!(params, testContext()))).toEqual(found)
  })

  it('realtime: the model and that of the transcripts', async () => {
    const { origin } = await serve(answers)
    const params = testParams(openaiRealtime.params, { base_url: `${origin}/v1` })
    expect(await levels(openaiRealtime.liveCheck!(params, testContext()))).toEqual([
      'ok "gpt-realtime"',
      'error "gpt-4o-mini-transcribe"',
    ])
  })
})

describe('the contract of a live check', () => {
  const states: Readonly<Record<string, Answers>> = {
    listed: { '/v1/models': models('gpt-4o-mini') },
    'not listed': { '/v1/models': models('gpt-4') },
    refused: { '*': refused(401, `Incorrect API key provided: ${KEY}`) },
    page: { '*': { body: PAGE } },
  }
  // Opened before the checks, whose own sockets must be gone after them.
  const servers = new Map<string, Awaited<ReturnType<typeof listen>>>()
  beforeAll(async () => {
    for (const [state, answers] of Object.entries(states)) servers.set(state, await listen(answers))
  })
  afterAll(async () => {
    for (const server of servers.values()) await server.close()
  })
  const check = (state: string) => async () => llm({ base_url: `${servers.get(state)!.origin}/v1` })
  const checks = Object.fromEntries(Object.keys(states).map((state) => [state, check(state)]))
  const nobody = async () => llm({ base_url: `${await nobodyAt()}/v1` })
  for (const one of liveCheckContract({ checks: { ...checks, nobody }, secrets: [KEY, 'secret page'] }))
    it(one.name, one.run, one.timeoutMs)
})
