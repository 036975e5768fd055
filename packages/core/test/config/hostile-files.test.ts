import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkPipelineText } from '../../src/config/check-pipeline.ts'
import { formatProblems } from '../../src/config/index.ts'
import { decodeText, type FileText } from '../../src/config/source/read-file.ts'
import { FIXTURE_ENV, kitLoader } from './kit-loader.ts'

const GOOD = readFileSync(new URL('./good/everything.yaml', import.meta.url), 'utf8')
const SECRET = 'Zx9-very-secret-Qw7'
const env = { ...FIXTURE_ENV, AUTH_TOKEN: SECRET }

async function check(read: FileText) {
  const result = await checkPipelineText('f.yaml', read, { env, loader: kitLoader })
  const problems = result.ok ? result.warnings : result.problems
  const lines = read.text.split(/\r\n|\n|\r/)
  for (const { line, column, message } of problems) {
    const text = lines[line - 1]
    expect(text, `line ${line} of ${lines.length}`).toBeDefined()
    // An offset between \r and \n stands one past the end of its line.
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((text?.length ?? 0) + 2)
    expect(message).not.toMatch(/[\r\n]/)
    expect(message.length).toBeLessThan(2000)
  }
  if (!result.ok) expect(problems.some(({ severity }) => severity === 'error')).toBe(true)
  expect(problems.length).toBeLessThanOrEqual(101)
  expect(formatProblems(problems)).not.toContain(SECRET)
  return result
}

const ofText = (text: string): FileText => decodeText(new TextEncoder().encode(text))

/** Pieces that mean something in YAML or to Kav, so that random files get past the first character. */
const piece = fc.constantFrom(
  ...[
    '\n',
    '\n  ',
    '\n    ',
    ': ',
    '- ',
    '? ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    "'",
    '#',
    ' #',
    '|',
    '>',
    '&a',
    '*a',
  ],
  ...[
    '!!str ',
    '!x ',
    '%YAML 1.1\n',
    '---\n',
    '...\n',
    '\t',
    '\r\n',
    '${AUTH_TOKEN}',
    '${X',
    '$${',
    '${NO:-1}',
    '<<',
  ],
  ...[
    'version: 1\n',
    'name',
    'stt',
    'plugin',
    'params',
    '@kav/plugin-kit',
    'conversation',
    'barge_in',
    '__proto__',
  ],
  ...[
    '1',
    '-0',
    '.inf',
    '.nan',
    '0x1f',
    '1e400',
    'true',
    'null',
    '~',
    'off',
    '\u2028',
    '\ud83d\ude00',
    '\u0007',
  ],
)

// The limit is for a hang, which would be minutes; a busy machine is slow too.
describe('hostile pipeline files', { timeout: 120_000 }, () => {
  it('never throw, whatever the text', async () => {
    const text = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 60 })
      .map((all) => all.join(''))
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        expect((await check(ofText(source))).ok).toBe(false)
      }),
      { numRuns: 200 },
    )
  })

  it('never throw, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await check(decodeText(bytes))).ok).toBe(false)
      }),
      { numRuns: 100 },
    )
  })

  it('never throw when a good file is cut, stuffed or shuffled', async () => {
    const edit = fc.record({
      at: fc.nat(GOOD.length),
      remove: fc.nat(30),
      insert: fc.oneof(piece, fc.constant(''), fc.string({ maxLength: 4 })),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        let text = GOOD
        for (const { at, remove, insert } of edits)
          text = text.slice(0, at) + insert + text.slice(at + remove)
        await check(ofText(text))
      }),
      { numRuns: 150 },
    )
  })

  it('never show a secret, whichever field it lands in', async () => {
    const fields = [...GOOD.matchAll(/[\w-]+: (?=\S)/g)].map((match) => match.index + match[0].length)
    const tail = fc.constantFrom(
      '"${AUTH_TOKEN}"',
      '"x${AUTH_TOKEN}y"',
      '["${AUTH_TOKEN}"]',
      '{ a: "${AUTH_TOKEN}" }',
      // As a part of something that is named in what is said of it.
      ...[
        '{{a${AUTH_TOKEN}}}',
        '{a${AUTH_TOKEN}}}',
        '{{ ${AUTH_TOKEN} x',
        'http://${AUTH_TOKEN}/x',
        '+1${AUTH_TOKEN}',
      ].map((text) => `"${text}"`),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), tail, async (at, value) => {
        const end = GOOD.slice(at).search(/[,}\n]/)
        await check(ofText(GOOD.slice(0, at) + value + GOOD.slice(at + end)))
      }),
      { numRuns: 80 },
    )
  })

  it.each([
    ['deep brackets', '['.repeat(1_000_000)],
    ['deep sequences', '- '.repeat(500_000)],
    ['closing brackets before opening ones', ']'.repeat(1000) + '['.repeat(15_000)],
    ['deep keys', '? '.repeat(15_000)],
    ['commas only', `[${','.repeat(900_000)}]`],
    ['many keys', Array.from({ length: 8000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['the same key', 'a: 1\n'.repeat(8000)],
    ['many anchors', `a: &a 1\nb: [${'*a, '.repeat(8000)}]`],
    ['unclosed variables', `name: "${'${A:-'.repeat(200_000)}"`],
    ['one long line', `a: ${'x '.repeat(500_000)}`],
    ['unclosed quote', `a: "${'\n'.repeat(900_000)}`],
    ['wrong list entries', `conversation:\n  hints:\n${'  - 1\n'.repeat(8000)}`],
  ])('are refused in bounded time: %s', async (_, text) => {
    expect((await check({ ok: true, text })).ok).toBe(false)
  })
})
