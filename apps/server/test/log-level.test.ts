import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { placeCall } from '@kav/phone'
import { afterEach, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from './served-process.ts'

const KAV = fileURLToPath(new URL('../bin/kav.js', import.meta.url))
const PIPELINE = fileURLToPath(new URL('fixtures/echo-desk.yaml', import.meta.url))
const DEBUG = 20

describe('kav log-level', () => {
  let server: ServedProcess | undefined
  afterEach(() => server?.remove())

  const kav = (...args: string[]) =>
    spawnSync(process.execPath, [KAV, 'log-level', ...args], {
      cwd: server!.dir,
      env: { ...process.env, ADMIN_PORT: new URL(server!.adminUrl).port },
      encoding: 'utf8',
    })

  it('has the workers of a running service tell more, of a plugin alone, or less', async () => {
    server = await serveProcess([PIPELINE, '--workers', '2'])
    const told = kav('debug', '--for', '1h')
    expect(told).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^debug until 20\S+Z\n$/) as string,
    })
    expect(await server.line('LOG: the level is another one for a while')).toMatchObject({
      level_asked: 'debug',
      forMs: 3_600_000,
    })
    const call = await placeCall({ webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice` })
    await server.line('🔊 greeting_end')
    call.hangUp()
    await server.line('📞 CALL: ended')
    const more = server.lines.filter(({ level }) => level === DEBUG)
    expect(more.find(({ event }) => event === 'agent_voice')).toMatchObject({
      worker: expect.any(Number) as number,
    })

    // Workers that follow others begin with what was asked for meanwhile.
    const takesCalls = () => server!.lines.filter(({ msg }) => msg === 'WORKER: takes calls')
    const first = takesCalls()
    for (const { pid } of first) process.kill(Number(pid), 'SIGKILL')
    await expect.poll(() => takesCalls().length, { timeout: 120_000 }).toBe(4)
    const from = server.lines.length
    const again = await placeCall({ webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice` })
    await expect
      .poll(() => server!.lines.slice(from).map(({ event }) => event), { timeout: 120_000 })
      .toContain('agent_voice')
    again.hangUp()

    expect(kav('silent', '--plugin', 'echo-stt', '--call', 'CA1').stdout).toMatch(
      /^silent of call CA1, plugin echo-stt until/,
    )
    expect(kav('trace', '--plugin', 'echo-stt', '--for', '1d').stdout).toMatch(
      /^trace of plugin echo-stt until/,
    )
    expect(kav('fatal', '--call', 'CA2').status).toBe(0)
    expect(kav('loud')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('trace, debug') as string,
    })
    expect(kav('debug', '--for', 'ever')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('30s, 10m, 2h or 1d') as string,
    })
  }, 120_000)
})
