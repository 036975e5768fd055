import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { fetchFiles } from '../src/commands/fetch.ts'

const plugin = fileURLToPath(new URL('./fixtures/fetching-plugin.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kav-fetch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function fetched(name: string, pipeline?: string) {
  const lines: string[] = []
  const code = await fetchFiles(name, pipeline, {}, (line) => lines.push(line))
  return { code, lines }
}

function pipelineWith(model: string): string {
  const file = join(folder, `${model}.yaml`)
  const turn = `turn: { plugin: "./${relative(folder, plugin)}", params: { model: ${model} } }`
  const others = ['stt', 'llm', 'tts'].map((kind) => `${kind}: { plugin: "@kav/plugin-local" }`)
  const script = `${fileURLToPath(new URL('../../../pipelines/scripts/front-desk.yaml', import.meta.url))}`
  others[1] = `llm: { plugin: "@kav/plugin-local", params: { script: ${JSON.stringify(script)} } }`
  const head = [
    'version: 1',
    'name: fetching',
    'transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }',
  ]
  writeFileSync(file, [...head, ...others, turn, 'conversation: { greeting: Hello }', ''].join('\n'))
  return file
}

it('kav fetch has a plugin get its files, as its params are by default', async () => {
  expect(await fetched(`./${relative(process.cwd(), plugin)}`)).toEqual({
    code: 0,
    lines: ['fetching  ok       default.onnx is there'],
  })
})

it('kav fetch --pipeline takes the params of the pipeline, and fails when a file cannot be had', async () => {
  expect(await fetched('fetching-plugin.mjs', pipelineWith('own.onnx'))).toEqual({
    code: 1,
    lines: ['fetching  error    own.onnx cannot be had', '          fix      Name another one.'],
  })
})

it('kav fetch says so when a plugin has nothing to fetch, or is not in the pipeline', async () => {
  expect(await fetched('plugin-local')).toEqual({
    code: 2,
    lines: ['this server has no plugin plugin-local that fetches files'],
  })
  const file = pipelineWith('own.onnx')
  expect(await fetched('plugin-twilio', file)).toEqual({
    code: 2,
    lines: [`${file} has no plugin plugin-twilio that fetches files`],
  })
})
