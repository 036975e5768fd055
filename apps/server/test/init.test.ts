import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { init } from '../src/commands/init.ts'
import { INIT_PROVIDERS } from '../src/init/init-choices.ts'
import { openPipeline } from '../src/open-pipeline.ts'
import { createServerLoader } from '../src/plugins.ts'
import { testConversations } from '../src/commands/test.ts'
import { validate } from '../src/commands/validate.ts'

let dir: string
let lines: string[]
const print = (line: string): void => void lines.push(line)
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kav-init-'))
  lines = []
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const HEX = '0123456789abcdef0123456789abcdef'
const ENV = {
  TWILIO_ACCOUNT_SID: `AC${HEX}`,
  TWILIO_AUTH_TOKEN: HEX,
  PUBLIC_URL: 'https://voice.example.com',
  OPENAI_API_KEY: 'key-for-tests',
  AZURE_SPEECH_KEY: HEX,
}

it.each([
  ['google', 'he-IL'],
  ['azure', 'en-GB'],
  ['openai', 'he-IL'],
  ['local', 'en-US'],
])('a new pipeline of %s in %s is right, and so is its test', async (provider, language) => {
  expect(await init(dir, { provider, language, name: 'desk' }, print, undefined)).toBe(0)
  lines = []
  // The one without keys asks for nothing of the environment.
  const isLocal = provider === 'local'
  expect(await validate([join(dir, 'desk.yaml')], {}, isLocal ? {} : ENV, print)).toBe(0)
  const unsigned = expect.stringMatching(
    /account_sid: missing.*\n.*validate_signature: off: anybody who finds the URL/,
  )
  const told = lines.map((line) => line.replace(`${dir}/`, ''))
  expect(told).toEqual(isLocal ? [unsigned, 'desk.yaml: ok, 2 warning(s)'] : ['desk.yaml: ok'])
  expect(await testConversations([join(dir, 'tests/desk.yaml')], {}, {}, print)).toBe(0)
})

it('the test of a new pipeline is found by its folder, and interrupts', async () => {
  await init(dir, { provider: 'local', language: 'en-US', name: 'desk' }, print, undefined)
  const there = process.cwd()
  process.chdir(dir)
  try {
    expect(await testConversations([], {}, {}, print)).toBe(0)
    expect(lines.at(-1)).toBe('1 passed, 0 failed')
    const file = 'tests/desk.yaml'
    writeFileSync(file, readFileSync(file, 'utf8').replace('count: 1', 'count: 0'))
    expect(await testConversations([], {}, {}, print)).toBe(1)
    rmSync('tests', { recursive: true })
    await expect(testConversations([], {}, {}, print)).rejects.toThrow(
      /no script in pipelines\/tests or tests/,
    )
  } finally {
    process.chdir(there)
  }
})

it.each(INIT_PROVIDERS)('a new pipeline of %s keeps a history', async (provider) => {
  await init(dir, { provider, language: 'en-US', name: 'desk' }, print, undefined)
  const { pipeline } = await openPipeline(join(dir, 'desk.yaml'), ENV, createServerLoader())
  expect(pipeline.stages.store).toMatchObject({
    package: '@kav/plugin-sql-store',
    params: { file: 'recordings/calls.db' },
  })
  // Nothing goes that nobody said.
  expect(pipeline.config.keep).toEqual({})
  // And what stands there as a remark is right, too.
  const text = readFileSync(join(dir, 'desk.yaml'), 'utf8').replaceAll(/^# (keep|redact):/gm, '$1:')
  writeFileSync(join(dir, 'desk.yaml'), text)
  expect(await validate([join(dir, 'desk.yaml')], {}, ENV, print)).toBe(0)
})

it('names every variable of the pipeline in .env.example', async () => {
  await init(dir, { provider: 'azure', language: 'he-IL', name: 'desk' }, print, undefined)
  const used = readFileSync(join(dir, 'desk.yaml'), 'utf8').matchAll(/\$\{(\w+)/g)
  const example = readFileSync(join(dir, '.env.example'), 'utf8')
  for (const [, name] of used) expect(example).toMatch(new RegExp(`^${name}=`, 'm'))
})

it.each([
  ['de-DE', true],
  ['en-GB', false],
  ['he-IL', false],
])('says of %s whether its texts are to be written anew: %s', async (language, says) => {
  await init(dir, { provider: 'google', language, name: 'desk' }, print, undefined)
  expect(lines.some((line) => line.includes(`write them in ${language} first`))).toBe(says)
})

it('asks for what is not given', async () => {
  const asked: string[] = []
  const ask = async (question: string, byDefault: string): Promise<string> => {
    asked.push(question)
    return question.includes('language') ? 'he-IL' : byDefault
  }
  expect(await init(dir, { provider: 'openai' }, print, ask)).toBe(0)
  expect(asked).toEqual(['In which language?', 'How is the agent called?'])
  expect(readFileSync(join(dir, 'front-desk.yaml'), 'utf8')).toContain('language: he-IL')
})

it('writes over nothing, and takes no choice that is none', async () => {
  await init(dir, { name: 'desk' }, print, undefined)
  expect(await init(dir, { name: 'desk' }, print, undefined)).toBe(1)
  expect(lines.at(-1)).toMatch(
    /^nothing was written: desk.yaml, .env.example, tests\/desk.yaml is there already/,
  )
  expect(await init(dir, { provider: 'acme' }, print, undefined)).toBe(2)
  expect(await init(dir, { provider: 'local', language: 'he-IL', name: 'other' }, print, undefined)).toBe(2)
  expect(lines.at(-1)).toMatch(/^the local provider hears and speaks English only, not he-IL/)
  expect(await init(dir, { language: 'he_IL' }, print, undefined)).toBe(2)
  expect(lines.at(-1)).toBe('the language is a tag with a country, such as en-US or he-IL')
})

it('leaves nothing behind where it cannot write all, and says where the next steps are', async () => {
  writeFileSync(join(dir, 'tests'), 'a file')
  await expect(init(dir, { name: 'desk' }, print, undefined)).rejects.toThrow(/^nothing was written: .*tests/)
  expect(readdirSync(dir)).toEqual(['tests'])
  expect(await init(join(dir, 'new'), { name: 'desk' }, print, undefined)).toBe(0)
  expect(lines).toContain(`   cd ${join(dir, 'new')}`)
})
