import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testContext } from '@kav/core/testing'
import { expect, it, onTestFinished } from 'vitest'
import { UNDERSTAND, hear, open, provide, serve, words, write, KEY } from './open-for-test.ts'

/** What the server was told by one session of `params` that spoke a little. */
async function told(params: Parameters<typeof provide>[0], options: Parameters<typeof open>[1] = {}) {
  const server = await serve({ script: () => UNDERSTAND })
  const session = await open(provide({ host: server.host, ...params }).provider, options)
  const heard = hear(session)
  write(session, 0, 20)
  session.finish()
  await heard.over
  await session.close()
  const [connection] = server.connections
  return { connection, context: connection?.turns[0]?.context as any, heard }
}

it('the defaults: one language, half a second of silence, profanities as spoken, the key in its header', async () => {
  const { connection, context } = await told({})
  expect(connection?.query).toMatchObject({ language: 'he-IL', segmentationSilenceTimeoutMs: '500' })
  expect(connection?.headers['ocp-apim-subscription-key']).toBe(KEY)
  expect(connection?.path).toBe('/speech/recognition/conversation/cognitiveservices/v1')
  expect(context.phraseDetection.enrichment.profanity).toBe('Raw')
  expect(context.dgi?.groups).toBeUndefined()
  expect(connection?.largestAudioBytes).toBe(800)
})

it('hints of the params and of the conversation become one phrase list with its weight', async () => {
  const { context } = await told({ hints: ['תור', 'רופא'], hint_weight: 1.5 }, { hints: ['רופא', 'מרפאה'] })
  const texts = context.dgi.groups[0].items.map((item: any) => item.text)
  expect(texts).toEqual(['תור', 'רופא', 'מרפאה'])
  expect(context.dgi.bias).toBe(1.5)
})

it('segmentation, stable partials and profanity are told to the service', async () => {
  const { connection, context } = await told({
    segmentation_silence_ms: 0,
    segmentation_strategy: 'semantic',
    stable_partials: 3,
    profanity: 'masked',
  })
  expect(context.phraseDetection.conversation.segmentation.mode).toBe('Semantic')
  expect(connection?.query.stableIntermediateThreshold).toBe('3')
  expect(connection?.query.profanity).toBe('masked')
})

it('times of words are asked for, and told, unless the params say otherwise', async () => {
  const asked = await told({})
  expect(asked.connection?.query).toMatchObject({ format: 'detailed', wordLevelTimestamps: 'true' })
  const finals = (events: typeof asked.heard.events) =>
    events.flatMap((event) => (event.type === 'final' ? [event.words?.length] : []))
  expect(finals(asked.heard.events)).toEqual([20])
  const off = await told({ word_times: false })
  expect(off.connection?.query).toMatchObject({ format: 'simple' })
  expect(finals(off.heard.events)).toEqual([undefined])
})

it('languages are told apart at the start, and results name the one that was found', async () => {
  const server = await serve({ script: () => ({ ...UNDERSTAND, language: 'en-US' }) })
  const session = await open(provide({ host: server.host, languages: ['he-IL', 'en-US'] }).provider, {
    language: 'he-IL',
  })
  const heard = hear(session)
  write(session, 0, 20)
  session.finish()
  await heard.over
  await session.close()
  const context = server.connections[0]?.turns[0]?.context as any
  expect(context.languageId).toMatchObject({ languages: ['he-IL', 'en-US'], mode: 'DetectAtAudioStart' })
  const finals = heard.events.filter((event) => event.type === 'final')
  expect(finals).toMatchObject([{ text: words(0, 20).join(' '), endMs: 400, language: 'en-US' }])
})

it('a call that was switched to another language is recognised in that one alone', async () => {
  const { connection, context } = await told({ languages: ['he-IL', 'en-US'] }, { language: 'ru-RU' })
  expect(connection?.query.language).toBe('ru-RU')
  expect(context.languageId).toBeUndefined()
})

it('an endpoint without a path gets the recognition path of version 2', async () => {
  const server = await serve({ script: () => UNDERSTAND })
  const session = await open(provide({ endpoint: server.host, host: '' }).provider)
  const heard = hear(session)
  write(session, 0, 20)
  session.finish()
  await heard.over
  await session.close()
  expect(heard.words()).toEqual(words(0, 20))
  expect(server.connections[0]?.path).toBe('/stt/speech/universal/v2')
})

it('a server of one’s own needs no key', async () => {
  const { connection, heard } = await told({ key: '' })
  expect(connection?.headers['ocp-apim-subscription-key']).toBeUndefined()
  expect(heard.words()).toEqual(words(0, 20))
})

/** A JSON Web Token with nothing in it but its end. */
function jwt(name: string, expiresInMs: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none', name })}.${part({ exp: Math.floor((Date.now() + expiresInMs) / 1000) })}.sig`
}

async function tokenDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'kav-token-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  return dir
}

it('a token renewed in its file is what the SDK reconnects with, in the middle of a call', async () => {
  const dir = await tokenDir()
  const [first, second] = [jwt('first', 60_000), jwt('second', 600_000)]
  await writeFile(join(dir, 'token-westeurope.json'), JSON.stringify({ token: first }))
  const server = await serve({
    script: ({ index }) => ({ ...UNDERSTAND, ...(index === 0 && { closeAt: { ms: 800, code: 1000 } }) }),
  })
  const { provider } = provide(
    { key: '', token_file: 'token-{region}.json', token_reread_ms: 100, host: server.host },
    testContext({ baseDir: dir }),
  )
  const session = await open(provider)
  const heard = hear(session)
  write(session, 0, 20)
  await heard.until((events) => events.some((event) => event.type === 'final'))
  await writeFile(join(dir, 'token-westeurope.json'), `${second}\n`)
  await new Promise((resolve) => setTimeout(resolve, 300))
  write(session, 20, 50)
  await server.until(() => server.connections.length === 2)
  write(session, 50, 100)
  session.finish()
  await heard.over
  await session.close()
  expect(server.connections.map(({ headers }) => headers.authorization)).toEqual([
    `Bearer ${first}`,
    `Bearer ${second}`,
  ])
  expect(heard.words()).toEqual(words(0, 100))
})

it('a token that has expired, or a file that is not there, is auth and says which file', async () => {
  const dir = await tokenDir()
  await writeFile(join(dir, 'old'), jwt('old', -1000))
  const context = testContext({ baseDir: dir })
  const opened = (file: string): Promise<unknown> =>
    open(provide({ key: '', token_file: file }, context).provider)
  await expect(opened('old')).rejects.toMatchObject({
    class: 'auth',
    message: expect.stringContaining('expired'),
  })
  await expect(opened('none')).rejects.toMatchObject({
    class: 'auth',
    message: expect.stringContaining('ENOENT'),
  })
})

it.each([
  ['in milliseconds', Date.now() + 3_600_000, 'too-far'],
  ['that is no number', '2040', 'no-number'],
])('a token with an end %s is used all the same, and counted', async (_name, exp, doubt) => {
  const dir = await tokenDir()
  const claims = Buffer.from(JSON.stringify({ exp })).toString('base64url')
  await writeFile(join(dir, 'token'), `e30.${claims}.x`)
  const server = await serve()
  const context = testContext({ baseDir: dir })
  const { provider } = provide({ key: '', token_file: 'token', host: server.host }, context)
  await (await open(provider)).close()
  expect(context.metrics.value('azure_stt_odd_expiry_total', { doubt })).toBe(1)
})
