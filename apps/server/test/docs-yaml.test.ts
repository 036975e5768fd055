import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { formatProblems, loadPipelineText } from '@kav/core/host'
import { loadOptions } from '../src/open-pipeline.ts'
import { createServerLoader } from '../src/plugins.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const BLOCK = /^( *)```yaml\n([^]*?)^ *```$/gm

/** Their YAML is run elsewhere: conversations by their own tests, plugins by path where there are such files. */
const ELSEWHERE = ['conversation-tests.md', 'tools.md', 'plugin-authoring.md']
/** Files of other programs, by a field at their top. */
const OF_OTHERS = ['scrape_configs', 'startupProbe', 'receivers', 'distributor']
/** Shown without what stands around them. */
const PARAMS_OF_LLM = ['extra_body', 'base_url']

/** Sounds that the reader has. */
const NOT_HERE = /^there is no such file/

/** What is shown in part is a part of this one. */
const WHOLE = {
  version: 1,
  name: 'front-desk',
  transport: {
    plugin: '@kav/plugin-twilio',
    params: { auth_token: 'e'.repeat(32), public_url: 'https://voice.example.com' },
  },
  stt: { plugin: '@kav/plugin-google-stt', params: { language: 'en-US' } },
  llm: { plugin: '@kav/plugin-openai', params: { model: 'gpt-4o-mini' } },
  tts: { plugin: '@kav/plugin-google-tts', params: { language: 'en-US', voice: 'en-US-Chirp3-HD-Kore' } },
}

const documents = ['README.md', ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md') && !ELSEWHERE.includes(name.replace('docs/', '')))
  .map((name) => ({ name, text: readFileSync(root + name, 'utf8') }))

const blocks = documents.flatMap(({ name, text }) =>
  [...text.matchAll(BLOCK)].map(({ 1: indent = '', 2: code = '', index }) => ({
    place: `${name}:${text.slice(0, index).split('\n').length}`,
    shown: (parse(code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')) ?? {}) as Record<string, object>,
  })),
)
const pipelines = blocks.filter(({ shown }) => !OF_OTHERS.some((field) => field in shown))

it.each(pipelines)('$place shows YAML that kav validate takes', async ({ place, shown }) => {
  const text = stringify(wholeOf(shown))
  const variables = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => [name, valueOf(name)])
  const result = await loadPipelineText(
    `${root}pipelines/shown.yaml`,
    { ok: true, text },
    loadOptions(Object.fromEntries(variables), createServerLoader()),
  )
  const wrong = result.ok
    ? []
    : result.problems.filter(({ severity, message }) => severity === 'error' && !NOT_HERE.test(message))
  expect(formatProblems(wrong), place).toBe('')
})

function wholeOf(shown: Record<string, object>): object {
  if (PARAMS_OF_LLM.some((field) => field in shown))
    return { ...WHOLE, llm: { ...WHOLE.llm, params: { ...WHOLE.llm.params, ...shown } } }
  const { stt, llm, tts, ...rest } = WHOLE
  return 'realtime' in shown ? { ...rest, ...shown } : { ...rest, stt, llm, tts, ...shown }
}

function valueOf(name: string): string {
  if (name === 'TWILIO_ACCOUNT_SID') return `AC${'0'.repeat(32)}`
  return /URL/.test(name) ? 'https://service.example.com' : 'e'.repeat(32)
}
