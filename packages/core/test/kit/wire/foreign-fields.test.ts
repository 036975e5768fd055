import { expect, it } from 'vitest'
import { given, offsetMs, shareOf, wholeList } from '../../../src/kit/index.ts'

it('reads an offset in any unit, and nothing that could be none', () => {
  expect(offsetMs(1.2345, 1000)).toBe(1235)
  expect(offsetMs(32_000, 1 / 16)).toBe(2000)
  for (const odd of [-1, NaN, Infinity, 1e12, '1', null, undefined])
    expect(offsetMs(odd, 1000)).toBe(undefined)
})

it('reads a share from 0 to 1', () => {
  expect([0, 0.5, 1].map(shareOf)).toEqual([0, 0.5, 1])
  for (const odd of [-0.1, 1.1, NaN, '1', undefined]) expect(shareOf(odd)).toBe(undefined)
})

it('reads a list whole, or not at all', () => {
  const word = ({ word }: Readonly<Record<string, unknown>>) => (typeof word === 'string' ? word : undefined)
  expect(wholeList([{ word: 'a' }, { word: 'b' }], word)).toEqual(['a', 'b'])
  for (const odd of [[{ word: 'a' }, {}], [{ word: 'a' }, null], ['a'], [], { word: 'a' }, undefined])
    expect(wholeList(odd, word)).toBe(undefined)
})

it('leaves out fields without a value', () => {
  expect(given({ a: 0, b: undefined, c: '' })).toEqual({ a: 0, c: '' })
})
