import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type PhoneCall, placeCall } from '@kav/phone'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../served-process.ts'
import { type HookReceiver, json, openHookReceiver } from './hook-receiver.ts'

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const LIMIT_MS = 240_000
const POLL = { timeout: 120_000 }

describe('the hooks of a served pipeline', () => {
  let dir: string
  let receiver: HookReceiver
  let server: ServedProcess | undefined
  const phones: PhoneCall[] = []
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kav-hooks-'))
    receiver = await openHookReceiver()
  })
  afterEach(async () => {
    for (const phone of phones.splice(0)) phone.hangUp()
    await server?.remove()
    await receiver.close()
    rmSync(dir, { recursive: true, force: true })
  })

  function write(name: string, more: string, stt = 'stubborn-plugins.mjs'): void {
    writeFileSync(
      join(dir, `${name}.yaml`),
      `version: 1
name: ${name}
transport:
  plugin: "@kav/plugin-twilio"
  params: { validate_signature: false }
stt: { plugin: ${fixture(stt)} }
llm: { plugin: ${fixture('echo-plugins.mjs')} }
tts: { plugin: ${fixture('echo-plugins.mjs')} }
conversation:
  greeting: Hello {{first_name}}, this is ${name}.
record: { call_record: false, transcript: ${String(name === 'vip')} }
limits: { max_event_loop_lag_ms: 0 }
${more}
`,
    )
  }
  const start = async (): Promise<void> =>
    void (server = await serveProcess(dir, { KAV_DRAIN_MS: '100', KAV_TEST_HOOK_SECRET: SECRET }, dir))
  async function dial(to: string): Promise<PhoneCall> {
    const phone = await placeCall({
      webhookUrl: `http://127.0.0.1:${server!.port}/twilio/voice?lead=7`,
      to,
      from: '+15550177',
    })
    phones.push(phone)
    return phone
  }
  const SECRET = 'a-secret-of-the-hooks'
  const after = `  after_call: { url: URL/after, secret: "\${KAV_TEST_HOOK_SECRET}" }`

  it(
    'fill the greeting, choose the pipeline and refuse; the call is told when it is over',
    async () => {
      const before = `  before_call: { url: URL/before, values: [first_name] }`
      const events = `  on_event: { url: URL/events, batch_ms: 50, events: [call_started, greeting_queued] }`
      const hooks = `hooks:\n${before}\n${after}\n${events}`.replaceAll('URL', receiver.url)
      write('desk', `default: true\n${hooks}`)
      write('vip', `numbers: ["+15550199"]\n${hooks}`)
      receiver.answer = ({ path, body }, response) => {
        const { to } = body as { to?: string }
        if (path !== '/before') return void response.writeHead(204).end()
        if (to === '+15550111') return json(response, { refuse: true, say: 'Not today.' })
        json(response, { values: { first_name: 'Ada' }, pipeline: to === '+15550112' ? 'vip' : null })
      }
      await start()
      const phone = await dial('+15550112')
      await expect.poll(() => receiver.of('/events').length, POLL).toBeGreaterThan(0)
      phone.hangUp()
      await expect.poll(() => receiver.of('/after').length, POLL).toBe(1)
      const [asked] = receiver.of('/before')
      expect(asked!.body).toMatchObject({
        type: 'before_call',
        callId: phone.callSid,
        from: '+15550177',
        to: '+15550112',
        pipeline: 'desk',
        values: { lead: '7' },
      })
      const [told] = receiver.of('/after')
      expect(told!.body).toMatchObject({
        type: 'after_call',
        callId: phone.callSid,
        pipeline: 'vip',
        record: { endedBy: 'caller', from: '+15550177' },
        transcript: [{ who: 'agent', text: 'Hello Ada, this is vip.' }],
      })
      // Of a pipeline that keeps no words and no numbers none are told.
      const other = await dial('+15550100')
      await server!.line('🔊 greeting_end')
      other.hangUp()
      await expect.poll(() => receiver.of('/after').length, POLL).toBe(2)
      const [, kept] = receiver.of('/after')
      expect(kept!.body).toMatchObject({ pipeline: 'desk', record: { endedBy: 'caller' }, transcript: [] })
      expect(kept!.text).not.toMatch(/Ada|\+1555/)

      const sent = receiver.of('/events').map(({ text }) => text)
      expect(sent.join()).toContain('"event":"greeting_queued"')
      expect(sent.join()).not.toMatch(/Ada|\+1555/)

      const refused = await fetch(`http://127.0.0.1:${server!.port}/twilio/voice`, {
        method: 'POST',
        body: new URLSearchParams({ CallSid: `CA${'7'.repeat(32)}`, From: '+15550177', To: '+15550111' }),
      })
      expect(await refused.text()).toMatch(/<Say>Not today\.<\/Say><Hangup\/>/)
      const figures = await (await fetch(`${server!.adminUrl}/metrics`)).text()
      expect(figures).toMatch(/kav_calls_refused_total\{reason="hook",instead="refuse"\} 1/)
      expect(JSON.stringify(server!.lines)).not.toContain(SECRET)
    },
    LIMIT_MS,
  )

  it(
    'hear of a call whose process was killed once, from the next one',
    async () => {
      write('desk', `hooks:\n${after}`.replaceAll('URL', receiver.url))
      await start()
      const phone = await dial('+15550100')
      await server!.line('🔊 greeting_end')
      // The journal is written once a second.
      await expect.poll(() => journalHas('greeting_end'), POLL).toBe(true)
      server!.signal('SIGKILL')
      await server!.exited
      expect(receiver.received).toEqual([])
      await start()
      await expect.poll(() => receiver.of('/after').length, POLL).toBe(1)
      expect(receiver.of('/after')[0]!.body).toMatchObject({
        callId: phone.callSid,
        record: { endedBy: 'killed', incomplete: expect.arrayContaining(['counters']) as unknown },
      })
      await server!.remove()
      expect(receiver.of('/after')).toHaveLength(1)
    },
    LIMIT_MS,
  )

  const journalHas = (event: string): boolean => {
    const folder = join(dir, 'recordings')
    return readdirSync(folder).some((name) => readFileSync(join(folder, name), 'utf8').includes(event))
  }
})
