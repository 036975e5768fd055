import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCallerScript, runCallScript } from '@kav/phone'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type LoopbackCollector,
  openLoopbackCollector,
} from '../../../packages/telemetry-otel/test/export/loopback-collector.ts'
import { type HookReceiver, openHookReceiver } from './hooks/hook-receiver.ts'
import { serveProcess, type ServedProcess } from './served-process.ts'

const PLUGINS = fileURLToPath(new URL('fixtures/secret-plugins.mjs', import.meta.url))
const LIMIT_MS = 240_000
const TOKEN = 'a-token-of-the-operators-port'
/**
 * What is said and pressed in this call (`secret-plugins.mjs`), however it is written. Eight digits may be seen before
 * it is known that a card begins with them.
 */
const PRIVATE =
  /4242[ -]?4242[ -]?4|201[ -]?7788|dana.?levi|739418|crm-key-7f|won oh fife won, oh|5105. 1051. 0510/i
const PIECES = [
  '4242424242',
  '5552017788',
  'danalevi',
  '739418',
  '5105105105',
  'part30510',
  'ohfiveoneohfive',
  'crmkey7f3a',
]
/** What stands in its place: so it is known that the words would have been there. */
const INSTEAD = /\[card\]/

describe('a call in which private things are said and pressed', () => {
  let server: ServedProcess | undefined
  let hooks: HookReceiver
  let collector: LoopbackCollector
  beforeEach(async () => {
    hooks = await openHookReceiver()
    collector = await openLoopbackCollector()
  })
  afterEach(async () => {
    await server?.remove()
    await hooks.close()
    await collector.close()
  })

  /** What left the process, by way out. */
  const left = new Map<string, string>()
  const tell = (way: string, text: string): void => void left.set(way, (left.get(way) ?? '') + text)

  /** All files of the folder that the process runs in, as they are now. */
  function lookThrough(dir: string): void {
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      const file = join(dir, name)
      if (name === 'desk.yaml' || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) continue
      try {
        left.set(`${wayOf(name)} ${name}`, readFileSync(file, 'latin1'))
      } catch {
        // Gone meanwhile.
      }
    }
  }
  const wayOf = (name: string): string => {
    if (name.includes('outbox')) return 'outbox'
    return /\.(\w+)(?:-wal|-shm)?$/.exec(name)?.[1] ?? 'file'
  }

  async function listen(path: string, way: string): Promise<void> {
    const answer = await fetch(`${server!.adminUrl}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    for await (const piece of answer.body!) tell(way, Buffer.from(piece as Uint8Array).toString('utf8'))
  }

  async function start(redact: string): Promise<void> {
    const dir = mkdtempSync(join(tmpdir(), 'kav-private-'))
    const plugin = (kind: string): string => `${kind}: { plugin: ${PLUGINS} }`
    writeFileSync(
      join(dir, 'desk.yaml'),
      `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }
${['stt', 'llm', 'tts'].map(plugin).join('\n')}
tools: { plugins: [{ plugin: ${PLUGINS} }] }
conversation: { greeting: "Hello, \${CRM_API_KEY} here.", dtmf: { private: long } }
${redact}
record: { audio: true }
limits: { max_event_loop_lag_ms: 0 }
store: { plugin: "@kav/plugin-sql-store" }
hooks:
  on_event: { url: ${hooks.url}/events, private: true, batch_ms: 50 }
  after_call: { url: ${hooks.url}/after, secret: a-secret-of-the-hooks }
`,
    )
    const env = {
      LOG_LEVEL: 'debug',
      KAV_DRAIN_MS: '100',
      KAV_ADMIN_TOKEN: TOKEN,
      // Known to be secret by its name, and told to every caller.
      CRM_API_KEY: 'crm-key-7f3a9b21',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      KAV_TRACES_CONTENT: 'on',
    }
    server = await serveProcess(join(dir, 'desk.yaml'), env, dir)
  }

  async function call(): Promise<void> {
    // What waits for it can be looked at.
    hooks.answer = ({ path }, response) => void response.writeHead(path === '/after' ? 503 : 204).end()
    const { dir } = server!
    const looking = setInterval(() => lookThrough(dir), 100)
    const all = listen('/api/events', 'stream of calls').catch(() => undefined)
    const one = server!
      .line('📞 CALL: started')
      .then((line) => listen(`/api/calls/${String(line['call'])}/events`, 'stream of a call'))
    const result = await runCallScript({
      webhookUrl: `http://127.0.0.1:${server!.port}/twilio/voice`,
      from: '+15550123456',
      script: createCallerScript({
        steps: [
          { wait_mark: 'greeting_end' },
          { say: 'hello.wav' },
          { wait_agent_speech: 20_000 },
          { wait_agent_silence: { ms: 700, timeout_ms: 20_000 } },
          { dtmf: '739418#' },
          { wait_hang_up: { timeout_ms: 40_000 } },
        ],
      }),
    })
    expect(result.script).toEqual({ passed: true })
    await one
    await expect.poll(() => hooks.of('/after').length, { timeout: 120_000 }).toBeGreaterThan(0)
    await expect
      .poll(() => collector.spans.some(({ name }) => name.startsWith('invoke_agent')), { timeout: 120_000 })
      .toBe(true)
    for (const path of ['/metrics', '/readyz', '/calls']) await listen(path, path)
    const ended = async (): Promise<string | undefined> => {
      left.delete('history')
      await listen('/api/history', 'history')
      const { calls } = JSON.parse(left.get('history')!) as { calls: { id: string; outcome?: string }[] }
      return calls.find(({ outcome }) => outcome !== undefined)?.id
    }
    await expect.poll(ended, { timeout: 120_000 }).toBeDefined()
    await listen(`/api/history/${await ended()}`, 'record by API')
    server!.signal('SIGTERM')
    await server!.exited
    await all
    clearInterval(looking)
    lookThrough(dir)
    tell('log', server!.lines.map((line) => JSON.stringify(line)).join('\n'))
    tell('hooks', hooks.received.map(({ text }) => text).join('\n'))
    tell('traces', JSON.stringify(collector.spans))
  }

  /** Ways out in which something private is; also where it stands in pieces, without blanks. */
  function leaks(): string[] {
    return [...left].flatMap(([way, text]) => {
      const bare = /^(?:wav|db) /.test(way) ? '' : text.replaceAll(/[^a-z0-9]/gi, '')
      const found = PRIVATE.exec(text)?.[0] ?? PIECES.find((piece) => bare.includes(piece))
      return found === undefined ? [] : [`${way}: ${found}`]
    })
  }
  const ways = (instead: RegExp): Set<string> =>
    new Set([...left].flatMap(([way, text]) => (instead.test(text) ? [way.split(' ')[0]!] : [])))

  it(
    'leaves nothing of it anywhere',
    async () => {
      await start('redact: { phones: true, emails: true }')
      await call()
      expect(leaks()).toEqual([])
      expect(WAYS.filter((way) => !ways(INSTEAD).has(way))).toEqual([])
      expect(WAYS.filter((way) => !ways(/Hello, \(hidden\) here/).has(way))).toEqual([])
    },
    LIMIT_MS,
  )
})

const WAYS = ['db', 'hooks', 'journal', 'json', 'log', 'outbox', 'stream', 'record', 'traces', 'txt']
