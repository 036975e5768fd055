import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
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

async function ask(path: string, name = ''): Promise<Record<string, unknown>> {
  const status = (): ServiceStatus => ({
    pipelines: [
      { name: 'desk', file, version: 'abc', calls: 2, promised_calls: 1, able: true, providers: [] },
    ],
    leaving_calls: 0,
  })
  const routes = pipelineRoutes({ state: { status, warm: true }, env: { OPENAI_API_KEY: KEY } })
  const route = routes.find((one) => one.path === path) as Extract<ApiRoute, { kind: 'json' }>
  const request = { params: { name }, query: undefined, body: undefined, headers: {}, by: 'operator' }
  return (await route.handle(request)) as Record<string, unknown>
}
