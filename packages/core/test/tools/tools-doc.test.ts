import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { checkPipelineText } from '../../src/config/check-pipeline.ts'
import { formatProblems, toToolSettings } from '../../src/config/index.ts'
import { createPluginLoader } from '../../src/plugins/index.ts'
import { createToolKit, type ToolProvider } from '../../src/index.ts'
import { createRealClock, createTestMetrics, testContext } from '../../src/testing/index.ts'
import { FIXTURE_ENV, kitLoader } from '../config/kit-loader.ts'

const folder = fileURLToPath(new URL('./example-tools/', import.meta.url))
const doc = await readFile(new URL('../../../../docs/tools.md', import.meta.url), 'utf8')
const smallest = await readFile(new URL('../config/good/smallest.yaml', import.meta.url), 'utf8')

const blocks = [...doc.matchAll(/```(\w+)(?: title="([^"]+)")?\n([\s\S]*?)```/g)].map(
  ([, language, title, code = '']) => ({ language, title, code }),
)
const yaml = blocks.filter(({ language }) => language === 'yaml')
const loader = createPluginLoader({ importModule: (specifier) => import(/* @vite-ignore */ specifier) })

async function load(code: string) {
  const env = {
    ...FIXTURE_ENV,
    SHOP_TOKEN: 'token-secret',
    OFFICE_PASSWORD: 'password-secret',
    CALENDAR_KEY: 'calendar-secret',
  }
  const text = `${smallest}\n${code}`
  const inFolder = {
    ...kitLoader,
    load: (...[name, kind, baseDir]: Parameters<typeof loader.load>) =>
      (name.startsWith('.') ? loader : kitLoader).load(name, kind, baseDir),
  }
  const result = await checkPipelineText(
    `${folder}front-desk.yaml`,
    { ok: true, text },
    { env, loader: inFolder },
  )
  if (!result.ok) throw new Error(formatProblems(result.problems))
  return result.pipeline
}

describe('docs/tools.md', () => {
  it.each(['opening-hours.js', 'opening-hours.contract.js'])('shows %s as it is', async (name) => {
    const shown = blocks.filter(({ title }) => title === name).map(({ code }) => code)
    expect(shown).toEqual([await readFile(`${folder}${name}`, 'utf8')])
  })

  it.each(yaml.map(({ code }) => code))('shows YAML that loads (%#)', async (code) => {
    expect((await load(code)).config.name).toBe('front-desk')
  })

  it('shows HTTP tools that can be offered', async () => {
    const { config } = await load(yaml.find(({ title }) => title === 'tools.yaml')!.code)
    const settings = toToolSettings(config)
    const parts = { settings, code: [], clock: createRealClock(), metrics: createTestMetrics() }
    const kit = await createToolKit(parts)
    expect(kit.tools().map(({ tool }) => tool.name)).toEqual(['hang_up', 'check_order', 'take_message'])
  })

  it('shows a tool in code that answers a call', async () => {
    const { config, stages } = await load(yaml.find(({ title }) => title === 'front-desk.yaml')!.code)
    const [stage] = stages.tools
    const provider = stage!.plugin.create(stage!.params, testContext()) as ToolProvider
    const kit = await createToolKit({
      settings: toToolSettings(config),
      code: [{ name: 'opening-hours', provider }],
      clock: createRealClock(),
      metrics: createTestMetrics(),
    })
    const box = kit.toolBox({
      callId: 'CA1',
      params: {},
      language: () => 'en-US',
      format: { encoding: 'mulaw', sampleRateHz: 8000 },
      canTransfer: false,
      playTones: async () => ({ outcome: 'played', playedMs: 0 }),
    })
    const ask = (day: string) =>
      box.run(
        { id: '1', name: 'opening_hours', arguments: JSON.stringify({ day }) },
        new AbortController().signal,
      )
    expect(await ask('monday')).toEqual({ content: '{"day":"monday","opens":"9:00","closes":"17:00"}' })
    expect(await ask('saturday')).toEqual({ content: '{"day":"saturday","closed":true}' })
  })

  it('shows a contract that passes under the test runner of Node.js', async () => {
    const run = promisify(execFile)(process.execPath, ['--test', 'opening-hours.contract.js'], {
      cwd: folder,
    })
    const { stdout } = await run
    expect(stdout).toMatch(/^# pass 1[0-9]$/m)
    expect(stdout).toMatch(/^# fail 0$/m)
  }, 60_000)
})
