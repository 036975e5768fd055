import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const PIPELINE = `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { account_sid: "\${TWILIO_ACCOUNT_SID}", auth_token: "\${TWILIO_AUTH_TOKEN}", public_url: "https://desk.example" } }
stt: { plugin: "@kav/plugin-openai", params: { api_key: "\${OPENAI_API_KEY}" } }
llm: { plugin: "@kav/plugin-openai", params: { api_key: "\${OPENAI_API_KEY}" } }
tts: { plugin: "@kav/plugin-openai", params: { api_key: "\${OPENAI_API_KEY}" } }
conversation: { language: en-US, greeting: "Hello.", system_prompt: "You answer the phone." }
`

let client: Client
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kav-mcp-'))
  client = new Client({ name: 'agent', version: '1' })
  const command = [`${root}apps/server/bin/kav.js`, 'mcp']
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: command, cwd: root, stderr: 'pipe' }),
  )
}, 60_000)
afterAll(async () => {
  await client.close()
  await rm(folder, { recursive: true })
})

async function ask(name: string, args: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: args })
  const [block] = result.content as { text: string }[]
  return { text: block!.text, failed: result.isError === true }
}

describe('kav mcp', () => {
  it('says what it is for, and that nothing changes anything', async () => {
    expect(client.getInstructions()).toMatch(/validate.*until it says ok/)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      'schema',
      'errors',
      'events',
      'docs',
      'validate',
      'test',
      'plugin_check',
    ])
    for (const { annotations, inputSchema } of tools) {
      expect(annotations).toEqual({ readOnlyHint: true, openWorldHint: false })
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    }
  })

  it('schema: the fields, what is installed, and the params of one plugin', async () => {
    const whole = (await ask('schema')).text
    expect(whole).toContain('"title":"Kav pipeline"')
    expect(whole).toContain('@kav/plugin-openai (tts):')
    expect(whole.length).toBeLessThan(100_000)
    expect(JSON.parse((await ask('schema', { part: 'tools' })).text)).toHaveProperty('properties.mcp')
    const params = JSON.parse(
      (await ask('schema', { plugin: '@kav/plugin-openai', kind: 'tts' })).text,
    ) as object
    expect(params).toHaveProperty('tts.properties.voice')
    expect(await ask('schema', { plugin: '@kav/plugin-opena' })).toEqual({
      text: 'there is no "@kav/plugin-opena"; did you mean "@kav/plugin-openai"?',
      failed: true,
    })
  })

  it('errors and events: what they mean', async () => {
    expect((await ask('errors', { code: 'KAV_CONFIG_UNKNOWN_FIELD' })).text).toMatch(
      /What to do: Correct the spelling/,
    )
    expect((await ask('errors')).text).toMatch(/^KAV_CONFIG_FILE_NOT_FOUND: /)
    expect((await ask('events', { event: 'tool_failed' })).text).toMatch(/^tool_failed \(/)
    expect((await ask('events', { event: 'tool_fail' })).text).toMatch(/did you mean "tool_failed"/)
  })

  it('docs: an index, a search, a page, a section', async () => {
    expect((await ask('docs')).text).toContain('- [Tools](tools.md): ')
    expect((await ask('docs', { search: 'pinned arguments of mcp servers' })).text).toMatch(
      /^\[tools\.md, section "MCP servers"\]/,
    )
    expect((await ask('docs', { page: 'tools', section: 'MCP servers' })).text).toMatch(/^## MCP servers/)
    expect((await ask('docs', { page: 'operating' })).text).toMatch(/^# Operating/)
    expect((await ask('docs', { page: '../README' })).failed).toBe(true)
  })

  it('validate: every problem with its code; what is not set is told apart', async () => {
    expect((await ask('validate', { text: PIPELINE })).text).toMatch(
      /ok, once these variables are set:\n.*OPENAI_API_KEY/s,
    )
    const wrong = PIPELINE.replace('greeting:', 'greting:')
    expect((await ask('validate', { text: wrong })).text).toMatch(
      /:7:\d+ conversation: unknown field "greting"; did you mean "greeting"\? \[KAV_CONFIG_UNKNOWN_FIELD\]/,
    )
    expect((await ask('validate', { path: `${root}pipelines/demo.yaml` })).text).toMatch(
      /demo\.yaml: ok\n.*warning: .*\[KAV_CONFIG_PARAM_WARNING\]/,
    )
    expect(await ask('validate', {})).toEqual({ text: 'either text or path, and not both', failed: true })
    expect((await ask('validate', { txt: PIPELINE })).failed).toBe(true)
  })

  it('validate: a pipeline whose tools are an MCP server’s', async () => {
    const tools =
      'tools: { mcp: [{ url: "https://shop.example/mcp", allow: [a], pin: { phone: "{{from}}" }, timeout: 1 }] }'
    expect((await ask('validate', { text: PIPELINE + tools })).text).toMatch(
      /unknown field "timeout"; did you mean "timeout_ms"/,
    )
    expect((await ask('validate', { text: PIPELINE + tools.replace(', timeout: 1', '') })).text).toMatch(
      /: ok, once/,
    )
  })

  it('validate: a plugin is what stands in its file now, makes its provider, and ends nobody else’s process', async () => {
    const plugin = (create: string) =>
      `export default { kind: 'stt', name: 'mine', params: { type: 'object', properties: { rate: { type: 'number' } } }, ${create} }`
    const text = PIPELINE.replace(
      '"@kav/plugin-openai", params: { api_key: "${OPENAI_API_KEY}" }',
      './mine.mjs',
    )
      .replaceAll('"@kav/plugin-openai", params: { api_key: "${OPENAI_API_KEY}" }', '"@kav/plugin-openai"')
      .replace(
        'account_sid: "${TWILIO_ACCOUNT_SID}", auth_token: "${TWILIO_AUTH_TOKEN}"',
        'validate_signature: false',
      )
    const validated = async (create: string) => {
      await writeFile(join(folder, 'mine.mjs'), plugin(create))
      return ask('validate', { text, folder })
    }
    const provider =
      "{ accepts: [{ encoding: 'mulaw', sampleRateHz: 8000 }], openSession() {}, async close() {} }"
    expect((await validated('crate() {}')).text).toMatch(
      /:4:16 stt\.plugin: .* has no "create" function \[KAV_PLUGIN_EXPORT\]/,
    )
    const late = `create() { setTimeout(() => Promise.reject(new Error('astray'))); return ${provider} }`
    expect((await validated(late)).text).toMatch(/:4:16 stt\.plugin: .* nobody handled it: astray/)
    const ends = await validated(`create() { setTimeout(() => process.exit(0)); return ${provider} }`)
    expect(ends).toEqual({
      text: 'kav mcp: ended before it was done: plugin "./mine.mjs" called process.exit(0)',
      failed: true,
    })
    expect(JSON.parse((await ask('schema', { plugin: join(folder, 'mine.mjs') })).text)).toHaveProperty(
      'stt.properties.rate',
    )
  }, 60_000)

  it('test: a conversation that holds, and one that does not, with what happened', async () => {
    const script = (count: number) =>
      [
        'name: Greets',
        'agent: ["Nine to five."]',
        'steps:',
        '  - finishes: true',
        '  - hears: when are you open',
        '  - silence_ms: 4000',
        `  - expects: { event: turn_ended, count: ${count} }`,
      ].join('\n')
    const scripts = ['right.yaml', 'wrong.yaml'].map((name) => join(folder, name))
    await writeFile(scripts[0]!, script(1))
    await writeFile(scripts[1]!, script(7))
    const { text } = await ask('test', { scripts })
    expect(text).toMatch(/✔ Greets\n✘ Greets\n.*wrong\.yaml, step 4/)
    expect(text).toMatch(/1 passed, 1 failed$/)
    expect((await ask('test', { scripts: [join(folder, 'none.yaml')] })).text).toMatch(/none\.yaml/)
  })

  it('plugin_check: what a plugin keeps and breaks, each time by the code that is there now', async () => {
    const hum = `${root}apps/server/test/fixtures/hum-plugin`
    expect(await ask('plugin_check', { path: hum })).toMatchObject({
      text: expect.stringMatching(/^hum-plugin 1\.2\.3[^]*^tts: \d+ promises, \d+ kept, 0 broken/m),
      failed: false,
    })
    expect(await ask('plugin_check', { path: `${hum}/wrong.js` })).toMatchObject({
      text: expect.stringMatching(/broken +gives each sound once/),
      failed: false,
    })
    const ends = join(folder, 'ends.mjs')
    await writeFile(ends, 'export default () => process.exit(0)')
    const { failed, text } = await ask('plugin_check', { path: ends })
    expect(failed).toBe(true)
    expect(text).toContain('kav plugin: ended before it was done')
    expect(await ask('plugin_check', { path: folder })).toMatchObject({
      text: expect.stringMatching(/has no contract\.js/),
      failed: true,
    })
  }, 60_000)
})

it('a check that runs ends with the kav mcp that began it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kav-mcp-'))
  const pids = join(dir, 'pid')
  await writeFile(
    join(dir, 'waits.mjs'),
    `import { writeFileSync } from 'node:fs'
    export default () => new Promise(() => { writeFileSync(${JSON.stringify(pids)}, String(process.pid)); setInterval(() => {}, 1000) })`,
  )
  const own = new Client({ name: 'agent', version: '1' })
  const args = [`${root}apps/server/bin/kav.js`, 'mcp']
  await own.connect(new StdioClientTransport({ command: process.execPath, args, cwd: root, stderr: 'pipe' }))
  own.callTool({ name: 'plugin_check', arguments: { path: join(dir, 'waits.mjs') } }).catch(() => undefined)
  const pid = await expect
    .poll(() => readFile(pids, 'utf8').catch(() => ''), { timeout: 120_000 })
    .not.toBe('')
    .then(async () => Number(await readFile(pids, 'utf8')))
  await own.close()
  const isAlive = (): boolean => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  await expect.poll(isAlive, { timeout: 120_000 }).toBe(false)
  await rm(dir, { recursive: true })
}, 60_000)
