import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const KAV = fileURLToPath(new URL('../../bin/kav.js', import.meta.url))
const DESK = fileURLToPath(new URL('../fixtures/doctor-desk.yaml', import.meta.url))
const KEY = 'the-key-of-the-doctors-test'
const LIMIT_MS = 240_000

/** The real command, as an operator runs it. */
function doctor(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [KAV, 'doctor', ...args], {
    env: { ...process.env, DOCTOR_KEY: KEY, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}

interface Finding {
  readonly place: string
  readonly level: string
  readonly message: string
  readonly fix?: string
  readonly tookMs?: number
}

describe('kav doctor', () => {
  it(
    'asks and tries every provider, whatever each of them does, and says what to do',
    async () => {
      const { code, output } = await doctor(DESK, '--json')
      expect(code).toBe(1)
      const { passed, findings } = JSON.parse(output) as { passed: boolean; findings: readonly Finding[] }
      expect(passed).toBe(false)
      const of = (place: string) => findings.filter((one) => one.place === place)
      expect(of('stt odd-stt')).toEqual([
        { place: 'stt odd-stt', level: 'error', message: expect.any(String), fix: expect.any(String) },
      ])
      expect(of('llm shut-llm')).toMatchObject([
        { level: 'warning', message: expect.stringContaining('no list') },
        {
          level: 'error',
          message: expect.stringMatching(/^asked for an answer: the key \S+ is refused$/),
          fix: 'Correct the key, and give it the right to use this service.',
          tookMs: expect.any(Number),
        },
      ])
      expect(of('tts unmade-tts')).toMatchObject([
        { level: 'error', message: expect.stringContaining('no findings') },
      ])
      expect(of('tts echo-tts (fallback 1)')).toMatchObject([{ level: 'ok', message: 'speaks a word' }])
      expect(of('machine').length).toBeGreaterThan(4)
      expect(findings.filter(({ level, fix }) => level !== 'ok' && !fix)).toEqual([])
      expect(output).not.toContain(KEY)
    },
    LIMIT_MS,
  )

  it(
    'asks nobody with --offline, and is content with a machine that is',
    async () => {
      const { code, output } = await doctor(DESK, '--offline')
      expect(code).toBe(0)
      expect(output).toMatch(/^machine$/m)
      expect(output).not.toMatch(/shut-llm|odd-stt/)
      expect(output).toMatch(/^\d+ ok, \d+ warnings?, 0 errors$/m)
    },
    LIMIT_MS,
  )

  it(
    'is wrong with a file that is',
    async () => {
      const { code, output } = await doctor('no-such.yaml')
      expect(code).toBe(2)
      expect(output).toContain('no-such.yaml')
    },
    LIMIT_MS,
  )
})
