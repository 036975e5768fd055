import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createCallerScript, runCallScript } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from './served-process.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** What is about no call: the process, its providers and its ports. */
const OF_NO_CALL = /^(PROCESS|PROVIDER|ADMISSION|HTTP|LOG|METRICS|SPEECH_CACHE|SERVER|STORAGE):/

describe('the lines of a call', () => {
  let server: ServedProcess | undefined
  afterEach(() => server?.remove())

  it('have its id, each of them, those of the plugins and their engines too', async () => {
    server = await serveProcess(undefined, { LOG_LEVEL: 'debug' })
    const script = createCallerScript({
      name: 'a word into the greeting',
      steps: [
        { wait_agent_speech: 20_000 },
        { say: 'tt-weasels.wav' },
        { wait_agent_silence: { ms: 400, timeout_ms: 30_000 } },
        'hang_up',
      ],
    })
    await runCallScript({ webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`, script })
    const { call } = await server.line('📞 CALL: ended')
    expect(typeof call).toBe('string')
    const from = server.lines.findIndex(({ msg }) => msg === 'TWILIO: call offered')
    const to = server.lines.findIndex(({ msg }) => msg === '📞 CALL: ended')
    expect(from).toBeGreaterThan(-1)
    const ofCall = server.lines.slice(from, to + 1).filter(({ msg }) => !OF_NO_CALL.test(String(msg)))
    expect(ofCall.length).toBeGreaterThan(20)
    expect(ofCall.filter((line) => line['call'] !== call)).toEqual([])
    // Its engines speak, too.
    expect(new Set(ofCall.map(({ plugin }) => plugin)).size).toBeGreaterThan(2)
  }, 120_000)
})

describe('the lines of every plugin', () => {
  const sources = readdirSync(`${root}packages`).flatMap((name) =>
    readdirSync(`${root}packages/${name}/src`, { recursive: true })
      .map((file) => `packages/${name}/src/${String(file)}`)
      .filter((file) => file.endsWith('.ts') && !file.includes('/testing/')),
  )
  const lines = sources.flatMap((file) =>
    [
      ...readFileSync(root + file, 'utf8').matchAll(
        /\blog\??\s*\.\s*(?:debug|info|warn|error)\(\s*(\{[^;]*?\}),\s*['`]/g,
      ),
    ].map(([, fields]) => ({ file, fields: fields! })),
  )

  it('call the call by its one name', () => {
    expect(lines.length).toBeGreaterThan(30)
    const others = lines.filter(({ fields }) =>
      /[{,]\s*(callId|callSid|call_id|call_sid)\s*[:,}]/.test(fields),
    )
    expect(others).toEqual([])
  })
})
