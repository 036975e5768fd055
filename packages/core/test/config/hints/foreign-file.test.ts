import { describe, expect, it } from 'vitest'
import { formatProblems } from '../../../src/config/index.ts'
import { loadPipelineText } from '../../../src/config/load-pipeline.ts'
import { FIXTURE_ENV, kitLoader } from '../kit-loader.ts'

const told = async (text: string): Promise<string> => {
  const options = { env: FIXTURE_ENV, loader: kitLoader }
  const result = await loadPipelineText('p.yaml', { ok: true, text }, options)
  return result.ok ? '' : formatProblems(result.problems)
}

const STAGES = 'transport: { plugin: x }\nstt: { plugin: x }\nllm: { plugin: x }\ntts: { plugin: x }\n'
const below = (text: string): string => text.replaceAll(/^/gm, '  ').trimEnd()

describe('a file that is no pipeline', () => {
  it.each([
    ['services:\n  web: { image: x }\n', 'this is a Docker Compose file'],
    ['version: "3.8"\nservices: { web: { image: x } }\n', 'this is a Docker Compose file'],
    ['apiVersion: v1\nkind: ConfigMap\ndata: { a: b }\n', 'this is a Kubernetes manifest'],
    ['name: ci\non: push\njobs: { a: {} }\n', 'this is a workflow of GitHub Actions'],
    ['{"openapi":"3.1.0","info":{}}', 'this is an OpenAPI description'],
    ['{"swagger":"2.0","info":{}}', 'this is an OpenAPI description'],
    ['{"transcriber":{}}', 'this is an assistant of another service'],
    ['{"name":"a","version":"1.0.0","scripts":{"x":"y"}}', 'this is a package.json'],
    ['{"compilerOptions":{"strict":true}}', 'this is the settings of TypeScript (tsconfig.json)'],
    ['{"name":"a","firstMessage":"hi"}', 'this is an assistant of another service'],
  ])('is named in one line: %j', async (text, what) => {
    expect(await told(text)).toBe(`p.yaml:1:1 ${what}, not a pipeline; name the pipeline file`)
  })

  it('is named where it holds only variables', async () => {
    const text = '# keys\nOPENAI_API_KEY=hunter2\nexport PORT="80"\n'
    expect(await told(text)).toBe(
      'p.yaml:2:1 this is a file of environment variables; name the pipeline file (kav reads a ".env" in its folder by itself)',
    )
  })

  it.each([
    [`${STAGES}<<<<<<< HEAD\n=======\n>>>>>>> main\n`, 'p.yaml:5:1 git left both versions here'],
    [`\`\`\`yaml\n${STAGES}\`\`\`\n`, 'p.yaml:1:1 this line is of Markdown'],
  ])('is named by the marks that stand in it: %j', async (text, what) => {
    expect(await told(text)).toContain(what)
  })

  it('has a key of odd letters left unsaid', async () => {
    expect(await told(`"a b":\n${below(STAGES)}\n`)).toContain('not below another key;')
  })

  it.each(['pipeline', 'kav'])('is told to come out from below %j', async (key) => {
    expect(await told(`version: 1\n${key}:\n${below(STAGES)}\n`)).toBe(
      `p.yaml:2:1 the fields of a pipeline stand at the top of the file, not below "${key}"; remove that line, and indent what is below it less`,
    )
  })

  it('is judged as a pipeline when it has a stage of one', async () => {
    expect(await told(`version: 1\nservices: {}\n${STAGES}`)).toContain('unknown field "services"')
  })
})
