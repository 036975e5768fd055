import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseScript } from '../../src/llm/load-script.ts'
import { FRONT_DESK_DIR } from './front-desk.ts'

const frontDesk = readFileSync(join(FRONT_DESK_DIR, 'scripts/front-desk.yaml'), 'utf8')

function problemsOf(text: string): string[] {
  try {
    parseScript(text, 'desk.yaml')
    return []
  } catch (thrown) {
    return (thrown as Error).message.split('\n').slice(1)
  }
}

describe('parseScript', () => {
  it('tells every problem of the form at once, each with its place', () => {
    const text = [
      'version: 1',
      'intents:',
      '  - name: a',
      '    phrases: [1, hello]',
      '    replys: x',
      '',
    ].join('\n')
    expect(problemsOf(text)).toEqual([
      '  desk.yaml:1:1 fallbacks: missing',
      '  desk.yaml:3:5 intents[0].replies: missing',
      '  desk.yaml:5:5 intents[0].replys: unknown field',
      '  desk.yaml:4:15 intents[0].phrases[0]: expected string, found 1',
    ])
  })

  it('tells every problem of the sense at once', () => {
    const text = `version: 1
fallbacks: [a]
slots: { colour: [red, "!"] }
intents:
  - name: a
    phrases: ["{foo} {day} {day}", "!!"]
    replies: x
  - name: a
    patterns: ["(", "x"]
    replies: ["{q}"]
  - name: b
    replies: nothing leads here
`
    expect(problemsOf(text)).toEqual([
      '  desk.yaml:3:24 slots.colour[1]: has no words',
      '  desk.yaml:6:15 intents[0].phrases[0]: unknown slot {foo}',
      '  desk.yaml:6:15 intents[0].phrases[0]: a slot may stand in a phrase once',
      '  desk.yaml:6:36 intents[0].phrases[1]: has no words',
      '  desk.yaml:8:5 intents[1].name: "a" is the name of another intent too',
      '  desk.yaml:9:16 intents[1].patterns[0]: Invalid regular expression: /(/iu: Unterminated group',
      '  desk.yaml:10:15 intents[1].replies[0]: {q} is in none of this intent’s phrases',
      '  desk.yaml:11:5 intents[2]: needs phrases or patterns',
    ])
  })

  it.each([
    ['an empty file', '', /script: expected a script, found null/],
    ['a list', '- a\n', /script: expected a script/],
    ['broken YAML', 'version: 1\n  intents: [\n', /desk\.yaml:\d+:\d+ /],
    ['a key given twice', 'version: 1\nversion: 1\n', /desk\.yaml:2:1 .*unique/],
    [
      'a bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
        .join('\n')}\n`,
      /alias/i,
    ],
  ])('refuses %s with a place', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message)
  })

  it('reads the example of the documentation', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const example = /```yaml\n(version: 1[\s\S]*?)```/.exec(readme)?.[1] ?? ''
    expect(parseScript(example, 'example.yaml').intents).toHaveLength(3)
  })

  it('never throws anything but an error that lists problems, whatever is done to a script', () => {
    const lines = frontDesk.split('\n')
    const line = fc.integer({ min: 0, max: lines.length - 1 })
    fc.assert(
      fc.property(line, line, fc.string({ maxLength: 12 }), (from, to, noise) => {
        const mangled = [...lines]
        mangled.splice(from, 1, ...(to % 2 === 0 ? [noise] : [lines[to] ?? '', noise]))
        try {
          parseScript(mangled.join('\n'), 'desk.yaml')
        } catch (thrown) {
          expect((thrown as Error).message).toMatch(/^The script desk\.yaml has .*:\n {2}desk\.yaml:\d+:\d+ /)
        }
      }),
      { numRuns: 150 },
    )
  })
})
