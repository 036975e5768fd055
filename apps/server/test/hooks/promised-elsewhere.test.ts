import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MAX_VARIABLE_CHARS } from '@kav/core/host'
import { type PhoneCall, placeCall, readTwiml, twilioSignature } from '@kav/phone'
import { traceIdOf } from '@kav/telemetry-otel'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../served-process.ts'
import { type HookReceiver, json, openHookReceiver } from './hook-receiver.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const AUTH = '0123456789abcdef0123456789abcdef'
const TOKEN = 'the-operators-own-token'
/** Calls are traced, and nobody takes the traces. */
const NO_COLLECTOR = 'http://127.0.0.1:9'
const PUBLIC = 'https://voice.example.com'
const LIMIT_MS = 240_000
/** As long as a line may fill in, and longer than one `<Parameter>` carries. */
const STORY = `Ada ${'of the north '.repeat(200)}`.slice(0, MAX_VARIABLE_CHARS).trim()

describe('a call whose stream comes to another process than the one that promised it', () => {
  let dir: string
  let receiver: HookReceiver
  let many: ServedProcess
  let alone: ServedProcess
  const phones: PhoneCall[] = []

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kav-elsewhere-'))
    receiver = await openHookReceiver()
    receiver.answer = ({ path }, response) =>
      path === '/before'
        ? json(response, { values: { story: STORY }, pipeline: 'vip' })
        : void response.writeHead(204).end()
    for (const [name, who] of [
      ['desk', 'default: true'],
      ['vip', 'numbers: ["+15550199"]'],
    ] as const)
      writeFileSync(join(dir, `${name}.yaml`), pipeline(name, who))
    const env = { AUTH_TOKEN: AUTH, KAV_ADMIN_TOKEN: TOKEN, OTEL_EXPORTER_OTLP_ENDPOINT: NO_COLLECTOR }
    ;[many, alone] = await Promise.all([
      serveProcess(dir, { ...env, KAV_WORKERS: '2', KAV_NODE: 'many' }),
      serveProcess(dir, { ...env, KAV_NODE: 'alone' }),
    ])
  }, LIMIT_MS)
  afterAll(async () => {
    for (const phone of phones) phone.hangUp()
    await Promise.all(phones.map(({ finished }) => finished))
    await Promise.all([many?.remove(), alone?.remove()])
    await receiver.close()
    rmSync(dir, { recursive: true, force: true })
  })

  function pipeline(name: string, who: string): string {
    return `version: 1
name: ${name}
${who}
transport:
  plugin: "@kav/plugin-twilio"
  params: { auth_token: "\${AUTH_TOKEN}", public_url: "${PUBLIC}", validate_signature: webhook }
stt: { plugin: ${fixture('patient-plugins.mjs')} }
llm: { plugin: ${fixture('echo-plugins.mjs')} }
tts: { plugin: ${fixture('echo-plugins.mjs')} }
conversation:
  greeting: Hello {{story}}, this is ${name}.
limits: { max_event_loop_lag_ms: 0 }
hooks:
  before_call: { url: ${receiver.url}/before, values: [story] }
  after_call: { url: ${receiver.url}/after, secret: a-secret-of-the-hooks }
  on_event: { url: ${receiver.url}/events, batch_ms: 50, events: [greeting_queued] }
`
  }

  /** Asks one process, and opens the stream where `elsewhere` says. */
  async function dial(asked: ServedProcess, elsewhere: (path: string) => string): Promise<PhoneCall> {
    const callSid = `CA${String(phones.length).padStart(32, '0')}`
    const fields = { CallSid: callSid, From: '+15550177', To: '+15550100' }
    const answer = await fetch(`http://127.0.0.1:${asked.port}/twilio/voice`, {
      method: 'POST',
      headers: { 'x-twilio-signature': twilioSignature(AUTH, `${PUBLIC}/twilio/voice`, fields) },
      body: new URLSearchParams(fields),
    })
    const { url, parameters } = readTwiml(await answer.text())
    const streamUrl = elsewhere(new URL(url).pathname)
    const phone = await placeCall({ streamUrl, parameters, callSid, from: fields.From, to: fields.To })
    phones.push(phone)
    return phone
  }

  it.each([
    [
      'another worker',
      () =>
        dial(many, (path) => {
          expect(path).toMatch(/\/w[12]$/)
          return `ws://127.0.0.1:${many.port}${path.replace(/[12]$/, (slot) => String(3 - Number(slot)))}`
        }),
    ],
    ['another node', () => dial(many, () => `ws://127.0.0.1:${alone.port}/twilio/media`)],
    [
      'a node with workers',
      () => dial(alone, (path) => `ws://127.0.0.1:${many.port}${path.replace(/\/w\d$/, '')}`),
    ],
  ])(
    '%s is the chosen pipeline’s, with all that the hook said',
    async (_, place) => {
      const phone = await place()
      const isGreeted = () => receiver.of('/events').some(({ text }) => text.includes(phone.callSid))
      await expect.poll(isGreeted, { timeout: LIMIT_MS }).toBe(true)
      phone.hangUp()
      const told = () => receiver.of('/after').find(({ body }) => body.callId === phone.callSid)?.body
      await expect.poll(told, { timeout: LIMIT_MS }).toBeDefined()
      expect(told()).toMatchObject({
        pipeline: 'vip',
        transcript: [{ who: 'agent', text: `Hello ${STORY}, this is vip.` }],
      })
      // All that is asked and told of it stands in its one trace.
      const hooks = receiver.received.filter(({ text }) => text.includes(phone.callSid))
      expect(new Set(hooks.map(({ path }) => path))).toEqual(new Set(['/before', '/events', '/after']))
      const [trace, ...others] = new Set(hooks.map(({ headers }) => headers['traceparent']))
      expect(trace).toMatch(new RegExp(`^00-${traceIdOf(phone.callSid)}-[0-9a-f]{16}-01$`))
      expect(others).toEqual([])
      const [batch] = receiver.of('/events').filter(({ text }) => text.includes(phone.callSid))
      expect(batch!.body).toMatchObject({ events: [{ traceparent: trace }] })
    },
    LIMIT_MS,
  )

  it(
    'is told of once by after_call, also where its worker was killed',
    async () => {
      const phone = await dial(many, (path) => `ws://127.0.0.1:${many.port}${path}`)
      // The journal is written once a second.
      await expect.poll(() => journals('greeting_queued'), { timeout: LIMIT_MS }).toContain(phone.callSid)
      const { workers } = await ask<{ workers: { worker: number; pid: number }[] }>('/readyz')
      const { calls } = await ask<{ calls: { id: string; worker?: number }[] }>('/api/calls')
      const { worker } = calls.find(({ id, worker }) => id === phone.callSid && worker !== undefined)!
      process.kill(workers.find((one) => one.worker === worker)!.pid, 'SIGKILL')
      const told = () => receiver.of('/after').filter(({ body }) => body.callId === phone.callSid)
      await expect.poll(() => told().length, { timeout: LIMIT_MS }).toBe(1)
      expect(told()[0]!.body).toMatchObject({ pipeline: 'vip', record: { endedBy: 'killed' } })
      const ids = receiver.of('/after').map(({ body }) => body.id as string)
      expect(ids).toHaveLength(new Set(ids).size)
      expect(ids).toHaveLength(phones.length)
    },
    LIMIT_MS,
  )

  /** What the journals of running calls say, by their files, where it is among it. */
  const journals = (text: string): string => {
    const folder = join(many.dir, 'recordings')
    const names = readdirSync(folder)
    return names.filter((name) => readFileSync(join(folder, name), 'utf8').includes(text)).join(' ')
  }

  const ask = async <T>(path: string): Promise<T> => {
    const answer = await fetch(many.adminUrl + path, { headers: { authorization: `Bearer ${TOKEN}` } })
    return (await answer.json()) as T
  }
})
