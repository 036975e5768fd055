import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadedPipeline } from '@kav/core/host'
import { createFakeClock } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ServiceState } from '../../src/admin/readiness.ts'
import type { CheckedText } from '../../src/check/check-messages.ts'
import { createCheckText } from '../../src/check/check-text.ts'
import type { CallHistory } from '../../src/history/call-history.ts'
import { withoutSecrets } from '../../src/privacy/secrets.ts'
import { openPipeline } from '../../src/open-pipeline.ts'
import { createServerLoader } from '../../src/plugins.ts'
import { systemClock } from '../../src/system-clock.ts'
import type { ApiRoute } from '../../src/admin/api/api-route.ts'
import { pipelineRoutes } from '../../src/admin/pipeline-routes.ts'
import type { ServiceStatus } from '../../src/service/service-status.ts'

const KEY = 'sk-planted-in-the-environment'
const GOOD = `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }
stt: { plugin: "@kav/plugin-local" }
llm: { plugin: "@kav/plugin-openai", params: { model: gpt-4o-mini, api_key: "\${OPENAI_API_KEY}" } }
tts: { plugin: "@kav/plugin-local" }
`

let running: readonly LoadedPipeline[] = []
const routesOf = (state: ServiceState) =>
  pipelineRoutes({ state, env: { OPENAI_API_KEY: KEY }, clock: systemClock })
let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kav-pipelines-'))
  file = join(folder, 'desk.yaml')
})
afterEach(() => rmSync(folder, { recursive: true }))

it('lists the pipelines that run', async () => {
  expect(await ask('/api/pipelines')).toEqual({
    pipelines: [{ name: 'desk', file, version: 'abc', calls: 2, able: true, providers: [] }],
  })
})

it('shows a file with all defaults, and no secret of it', async () => {
  writeFileSync(file, GOOD)
  const shown = await ask('/api/pipelines/{name}', 'desk')
  expect(shown).toMatchObject({
    yaml: GOOD,
    running: 'abc',
    effective: { llm: { params: { api_key: '(secret)' } } },
  })
  expect(shown).toHaveProperty('effective.stt.params.TIMEOUT_MS', 320)
  expect(shown['version']).not.toBe('abc')
  expect(JSON.stringify(shown)).not.toContain(KEY)
  // Written since the process read it: nobody has told the process of that one.
  const written = 'written-since-7f31c0'
  writeFileSync(file, GOOD.replace('${OPENAI_API_KEY}', written))
  const changed = await ask('/api/pipelines/{name}', 'desk')
  expect(changed['yaml']).toContain('api_key: "(hidden)"')
  expect(JSON.stringify(changed)).not.toContain(written)
})

it('tells what is wrong with a file, at its place', async () => {
  writeFileSync(file, GOOD.replace('params: { model', 'parms: { model'))
  const { problems, effective } = await ask('/api/pipelines/{name}', 'desk')
  expect(effective).toBeUndefined()
  expect(problems).toContainEqual(
    expect.objectContaining({ line: 5, column: 38, level: 'error', path: 'llm' }),
  )
})

it('says that a file is gone, and knows no other name', async () => {
  expect(await ask('/api/pipelines/{name}', 'desk')).toMatchObject({
    yaml: '',
    problems: [{ level: 'error' }],
  })
  await expect(ask('/api/pipelines/{name}', '../desk')).rejects.toMatchObject({ code: 'unknown-pipeline' })
})

describe('a text that is no file yet', () => {
  const told = async (yaml: string) =>
    ((await ask('/api/pipelines/validate', '', { yaml, name: 'desk' })) as unknown as { problems: Told[] })
      .problems
  interface Told {
    readonly line: number
    readonly level: string
    readonly message: string
  }

  it('is checked as far as the plugins of running pipelines go, and nothing else is imported', async () => {
    writeFileSync(file, GOOD)
    running = [(await openPipeline(file, { OPENAI_API_KEY: KEY }, createServerLoader())).pipeline]
    const mark = join(folder, 'imported')
    const evil = join(folder, 'evil.mjs')
    writeFileSync(
      evil,
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(mark)}, '')\n`,
    )
    const text = GOOD.replace('@kav/plugin-openai', './evil.mjs')
      .replace('plugin-twilio', 'plugin-mcp')
      .replace('stt: { plugin: "@kav/plugin-local"', 'stt: { plugin: "@kav/plugin-local", parms: 1')
    const found = await told(text)
    expect(found.map(({ line, level }) => `${line} ${level}`)).toEqual(['3 warning', '4 error', '5 warning'])
    expect(found[2]!.message).toMatch(/^".\/evil.mjs" is not checked here.*run: kav validate/)
    expect(existsSync(mark)).toBe(false)
  })

  it('hides its secrets in its own answer, and no word of anything else', async () => {
    writeFileSync(file, GOOD)
    const words = 'Hello-you-have-reached-the-desk'
    const hooks = `hooks: { after_call: { url: "http://127.0.0.1:1/", secret: "${words}", fields: { type: object,
  properties: { password: { type: string, enum: [caller, "+15550123456"] }, token: { description: ${words} } } } } }\n`
    const found = await told(`${GOOD}${hooks}x: { ${words}: 1 }\n`)
    expect(found.map(({ level }) => level)).toContain('error')
    expect(JSON.stringify(found)).not.toContain(words)
    const said = `${words} caller string +15550123456`
    expect(withoutSecrets(said)).toBe(said)
  })

  it.skipIf(process.platform === 'win32')(
    'names files that have no end, and is checked all the same',
    async () => {
      writeFileSync(file, GOOD)
      const pipe = join(folder, 'pipe.key')
      spawnSync('mkfifo', [pipe])
      const hookOf = (secret: string): string => `{ url: "http://127.0.0.1:1/", secret: "${secret}" }`
      const hooks = {
        before_call: '../../../../../../../dev/zero',
        after_call: pipe,
        on_event: '/var/run/absent.key',
      }
      const lines = Object.entries(hooks).map(([name, secret]) => `  ${name}: ${hookOf(secret)}\n`)
      const found = await told(`${GOOD}hooks:\n${lines.join('')}`)
      expect(found.filter(({ level }) => level === 'error')).toEqual([])
    },
  )

  it('is refused when it is longer than any pipeline', async () => {
    await expect(told(`# ${'x'.repeat(128 * 1024)}`)).rejects.toMatchObject({ code: 'too-large' })
  })
})

it('a check whose thread cannot even be started has failed, and the next one is done', async () => {
  const checkText = createCheckText(systemClock)
  // What cannot be given to a thread is refused at once, as is a thread where the system has none left.
  const unstartable = { file, env: { A: (() => '') as unknown as string } }
  expect(await checkText(unstartable)).toBe('failed')
  writeFileSync(file, GOOD)
  expect(await checkText({ file, env: {}, only: [] })).toMatchObject({ yaml: GOOD })
})

it('a check that takes too long is ended, and the next one is done; not many may wait', async () => {
  const time = createFakeClock()
  const checkText = createCheckText(time.clock, 2)
  const hangs = join(folder, 'hangs.mjs')
  writeFileSync(hangs, 'for (;;);\n')
  writeFileSync(file, GOOD.replace('@kav/plugin-openai', './hangs.mjs'))
  const late = checkText({ file, env: {} })
  const next = checkText({ file, env: {}, only: [] })
  expect(await checkText({ file, env: {} })).toBe('busy')
  await time.advance(15_000)
  expect(await late).toBe('late')
  const { problems } = (await next) as CheckedText
  expect(problems.map(({ code }) => code)).toContain('KAV_PLUGIN_UNCHECKED')
})

async function ask(path: string, name = '', body?: unknown): Promise<Record<string, unknown>> {
  const status = (): ServiceStatus => ({
    pipelines: [
      { name: 'desk', file, version: 'abc', calls: 2, promised_calls: 1, able: true, providers: [] },
    ],
    leaving_calls: 0,
  })
  const state = { status, warm: true, history: { pipelines: running } as unknown as CallHistory }
  const routes = routesOf(state)
  const route = routes.find((one) => one.path === path) as Extract<ApiRoute, { kind: 'json' }>
  const request = { params: { name }, query: undefined, body, headers: {}, by: 'operator' }
  return (await route.handle(request)) as Record<string, unknown>
}
