import { expect, it } from 'vitest'
import { partsOf } from '../src/pipelines/yaml-parts.ts'
import { yamlOf } from '../src/pipelines/yaml-of.ts'

const problem = (column: number) => ({
  line: 1,
  column,
  path: 'stt',
  level: 'error' as const,
  message: 'wrong',
})
const marked = (line: string, column: number) =>
  partsOf(line, [problem(column)])
    .flatMap((part) => (part.problem ? [part.text] : []))
    .join('')

it('underlines what stands at the place of a problem', () => {
  expect(marked('    langauge: he-IL', 5)).toBe('langauge')
  expect(marked('    region: europe-west9  # here', 13)).toBe('europe-west9')
  expect(marked('  greeting: "Hello, you"', 13)).toBe('"Hello, you"')
  expect(marked('stt:', 99)).toBe(':')
  expect(marked('', 1)).toBe('')
})

it.each(['stt: # a comment', '  - plugin: "a # b"', 'plain', ''])('loses nothing of %j', (line) => {
  expect(
    partsOf(line, [problem(2)])
      .map(({ text }) => text)
      .join(''),
  ).toBe(line)
})

it('tells keys from comments, and a # in quotes from both', () => {
  const looks = (line: string) => partsOf(line, []).map(({ text, looks: look }) => [text, look])
  expect(looks('a: 1 # b')).toEqual([
    ['a', 'key'],
    [': 1 ', 'text'],
    ['# b', 'comment'],
  ])
  expect(looks('a: "x # y"')).toEqual([
    ['a', 'key'],
    [': "x # y"', 'text'],
  ])
})

it('sets values out as YAML that says the same', () => {
  expect(yamlOf({ a: { b: [1, { c: 'on', d: {} }], e: 'two words' }, 'x y': null, z: [] })).toBe(
    'a:\n  b:\n    - 1\n    - c: "on"\n      d: {}\n  e: two words\n"x y": null\nz: []',
  )
})
