import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCallerScript, runCallScript } from '@kav/phone'
import { describe, it, type TestContext } from 'vitest'
import { serveProcess, type ServedProcess } from './served-process.ts'

const PIPELINE = fileURLToPath(new URL('fixtures/canary-desk.yaml', import.meta.url))
const LIMIT_MS = 240_000
/** What plugins, model, caller and carrier say in this call, in whole or in part. */
const PRIVATE = /CANARY|4111 1111|15550123456|\b7373\b/

describe('a service that must hold nothing private', () => {
  /** The server, and all that came out of it. */
  async function call(
    env: Record<string, string>,
    { expect, onTestFinished }: TestContext,
  ): Promise<readonly [ServedProcess, string]> {
    const server = await serveProcess(PIPELINE, env)
    onTestFinished(() => server.remove())
    const script = createCallerScript({
      steps: [
        { wait_mark: 'greeting_end' },
        { say: 'hello.wav' },
        // Keys that are pressed while somebody speaks belong to what is said.
        { wait_agent_speech: 20_000 },
        { wait_agent_silence: { ms: 500, timeout_ms: 20_000 } },
        { dtmf: '7373' },
        { wait_hang_up: { timeout_ms: 40_000 } },
      ],
    })
    await runCallScript({
      webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`,
      from: '+15550123456',
      script,
    })
    await server.line('📞 CALL: ended')
    const recordings = join(server.dir, 'recordings')
    const hasRecord = () => readdirSync(recordings).some((file) => file.endsWith('.json'))
    await expect.poll(hasRecord, { timeout: LIMIT_MS }).toBe(true)
    const kept = readdirSync(recordings).map((file) => readFileSync(join(recordings, file), 'utf8'))
    const told = await Promise.all(
      ['/metrics', '/readyz', '/healthz'].map(async (path) =>
        (await fetch(`${server.adminUrl}${path}`)).text(),
      ),
    )
    return [server, [...server.lines.map((line) => JSON.stringify(line)), ...kept, ...told].join('\n')]
  }

  it.concurrent(
    'has none of it in log, record or figures, whatever its plugins do, and still says what went wrong',
    async (context) => {
      const { expect } = context
      const [server, all] = await call({ KAV_LOG_PRIVATE: 'off', LOG_LEVEL: 'debug' }, context)
      expect(all.split('\n').filter((line) => PRIVATE.test(line))).toEqual([])
      const failed = server.lines.find((line) => line['event'] === 'llm_failed')
      expect(failed).toMatchObject({ code: 'KAV_PROVIDER_BAD_REQUEST', retryable: false })
      expect(all).toMatch(/"endedBy": "agent"/)
    },
    LIMIT_MS,
  )

  it.concurrent(
    'would have all of it if it were asked to: the canaries sing',
    async (context) => {
      const { expect } = context
      const [, all] = await call({ LOG_LEVEL: 'debug' }, context)
      const canaries = [
        'CANARY greeting',
        'CANARY card 4111',
        'CANARY fallback',
        'CANARY_tool',
        '15550123456',
      ]
      expect(canaries.filter((canary) => !all.includes(canary))).toEqual([])
    },
    LIMIT_MS,
  )
})
