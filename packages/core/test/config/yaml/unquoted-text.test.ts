import { describe, expect, it } from 'vitest'
import { formatProblems } from '../../../src/config/index.ts'
import { loadPipelineText } from '../../../src/config/load-pipeline.ts'
import { FIXTURE_ENV, kitLoader } from '../kit-loader.ts'

const BEFORE = `version: 1
name: front-desk
transport: { plugin: "@kav/plugin-kit", params: { auth_token: "\${AUTH_TOKEN}" } }
stt: { plugin: "@kav/plugin-kit" }
llm: { plugin: "@kav/plugin-kit", params: { model: small } }
tts: { plugin: "@kav/plugin-kit" }
conversation:
`

async function told(lines: string): Promise<string> {
  const options = { env: FIXTURE_ENV, loader: kitLoader }
  const result = await loadPipelineText('p', { ok: true, text: `${BEFORE}${lines}\n` }, options)
  return result.ok ? '' : formatProblems(result.problems)
}

describe('a text that YAML does not take for one', () => {
  it.each([
    ['"שלום מבע"מ כהן"', `a quote inside the quotes ends the text there; write 'שלום מבע"מ כהן'`],
    [`'that's all'`, `a quote inside the quotes ends the text there; write "that's all"`],
    [`'it's' # hi`, 'a quote inside the quotes ends the text there; write "…"'],
    [
      `"He said "it's fine" to me"`,
      `a quote inside the quotes ends the text there; write "He said \\"it's fine\\" to me", with \\" for each quote in it`,
    ],
    ['"hello" there', `the quotes end before the text does; write '"hello" there'`],
    ['[Company] is here', '"[" begins a list; write "[Company] is here"'],
    ['{name} is here', '"{" begins a map; write "{name} is here"'],
    ['{{name}} is here', 'a text that begins with "{{" needs quotes; write "{{name}} is here"'],
    ['%s is here', 'a text that begins with "%" needs quotes; write "%s is here"'],
    ['@acme is here', 'a text that begins with "@" needs quotes; write "@acme is here"'],
    ['`acme` is here', 'a text that begins with "`" needs quotes; write "`acme` is here"'],
    ['*acme* is here', 'a text that begins with "*" needs quotes; write "*acme* is here"'],
    ['| is "here"', `a text that begins with "|" needs quotes; write '| is "here"'`],
    ['> is here', 'a text that begins with ">" needs quotes; write "> is here"'],
    ['- is here', 'a text that begins with "-" needs quotes; write "- is here"'],
    [', is here', 'a text that begins with "," needs quotes; write ", is here"'],
    ['sk-proj-0f1e2d3c4b5a69788796a5b4c3d2: b', undefined],
  ])('is told at its beginning: %s', async (value, message) => {
    const found = await told(`  greeting: ${value}`)
    if (message === undefined) expect(found).not.toContain('sk-proj')
    else expect(found).toBe(`p:8:13 ${message}`)
  })

  it('is told in a list, too', async () => {
    expect(await told('  hints:\n    - "בע"מ כהן"')).toBe(
      `p:9:7 a quote inside the quotes ends the text there; write 'בע"מ כהן'`,
    )
    expect(await told('  hints: ["רק "רגע" אחד", b]')).toBe(
      "p:8:11 a quote inside the quotes ends the text there; put the text in the other quotes, '…'",
    )
  })

  it('is not repeated where it is a secret', async () => {
    const rest = '  greeting: hi\nhooks: { after_call: { url: "https://a.example" } }\nstore:\n  password: '
    for (const value of ['@hunter2 hunter2', '"hunter2 hun"ter2"', '"hunter2" hunter2']) {
      const found = await told(rest + value)
      expect(found).toMatch(/^p:11:13 .*; write ['"]…['"]$/u)
      expect(found).not.toContain('hunter')
    }
  })

  it.each([
    'greeting: "hello" # all of it',
    'greeting: |\n    hello\n    "there" you\n  hints: [a, "b c"]',
    'hints: ["a", "b"]',
    'greeting: >-\n    [a] b',
  ])('is not found where there is none: %j', async (lines) => {
    expect(await told(`  ${lines}`)).toBe('')
  })
})
