import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadConversationScript, scriptPipeline } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { playOnFakes, testConversations } from '../src/commands/test.ts'
import { openPipeline } from '../src/open-pipeline.ts'
import { createServerLoader } from '../src/plugins.ts'

const PIPELINES = fileURLToPath(new URL('../../../pipelines/', import.meta.url))
const SHIPPED = fileURLToPath(new URL('../../../pipelines/tests/', import.meta.url))
const LIVE = `${SHIPPED}live/`
const FIXTURES = fileURLToPath(new URL('fixtures/conversations/', import.meta.url))

const scriptsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.yaml'))

/** What the operator reads, and the exit code. */
async function run(...files: string[]): Promise<string> {
  const lines: string[] = []
  const exitCode = await testConversations(files, {}, {}, (line) => lines.push(line))
  return `${lines
    .join('\n')
    .replaceAll(FIXTURES, '')
    .replaceAll(/\S*fixtures\/conversations\//g, '')}\nexit code ${exitCode}\n`
}

describe('shipped conversations', () => {
  it.each(scriptsIn(SHIPPED))('%s', async (name) => {
    const file = `${SHIPPED}${name}`
    const { failure } = await playOnFakes(file, await loadConversationScript(file), {})
    expect(failure && `step ${failure.step} (${failure.what}): ${failure.message}`).toBeUndefined()
  })

  it('are at least one for each rule, and no two have the same name', async () => {
    const files = scriptsIn(SHIPPED).map((name) => `${SHIPPED}${name}`)
    const scripts = await Promise.all(files.map((file) => loadConversationScript(file)))
    expect(scripts.length).toBeGreaterThanOrEqual(40)
    expect(new Set(scripts.map((script) => script.name)).size).toBe(scripts.length)
  })

  it.each(scriptsIn(LIVE))('live/%s is a script', async (name) => {
    expect((await loadConversationScript(`${LIVE}${name}`)).pipeline).toBeDefined()
  })
})

/** `<fault>.txt` beside `<fault>.yaml` holds what the operator reads. */
describe('scripts that do not hold, or are wrong', () => {
  const faults = scriptsIn(FIXTURES).filter((name) => !name.startsWith('good-'))

  it.each(faults)('%s', async (name) => {
    const output = await run(`${FIXTURES}${name}`)
    await expect(output).toMatchFileSnapshot(`${FIXTURES}${name.replace('.yaml', '.txt')}`)
    expect(output).toMatch(name.startsWith('fails-') ? /exit code 1\n$/ : /exit code 2\n$/)
  })

  it('do not keep the others from being played', async () => {
    const files = ['bad-no-steps.yaml', 'fails-wrong-text.yaml', 'good-pipeline-settings-stay.yaml']
    const output = await run(...files.map((name) => `${FIXTURES}${name}`))
    expect(output).toMatch(/✔ What a script does not say[^]*\n1 passed, 2 failed\nexit code 2\n$/)
  })
})

describe('a script about a pipeline', () => {
  it.each(scriptsIn(PIPELINES))('can be about %s where none of its keys is set', async (name) => {
    const steps = [{ finishes: true as const }, { hears: 'good morning' }, { says: 'All right' }]
    const result = await playOnFakes('here.yaml', { name, steps }, {}, `${PIPELINES}${name}`)
    expect(result.failure).toBeUndefined()
  })

  it('is told what is wrong with it', async () => {
    expect(await run(`${FIXTURES}bad-pipeline.yaml`)).toMatch(
      /missing-pipeline\.yaml:1:1 .*\n0 passed, 1 failed\nexit code 2\n$/,
    )
  })

  it('changes the settings it names and no others', async () => {
    const file = `${FIXTURES}good-pipeline-settings-stay.yaml`
    const script = await loadConversationScript(file)
    const { pipeline } = await openPipeline(
      fileURLToPath(new URL('fixtures/echo-desk.yaml', import.meta.url)),
      {},
      createServerLoader(),
    )
    const { conversation } = scriptPipeline(script, pipeline.config)
    expect(conversation).toEqual({
      ...pipeline.config.conversation,
      barge_in: { ...pipeline.config.conversation.barge_in, min_speech_ms: 300 },
    })
    const { failure } = await playOnFakes(file, script, {})
    expect(failure).toBeUndefined()
  })
})
