import { describe, expect, it } from 'vitest'
import { formatPath } from '../../../src/config/source/problem.ts'
import { readText } from '../read-text.ts'

/** `offset path: message` of each fault, without the advice. */
function faultsOf(text: string): readonly string[] {
  return readText(text).faults.map(
    ({ offset, path, message }) => `${offset} ${formatPath(path)}: ${message.split(/[;,]/)[0]}`,
  )
}

describe('an alias', () => {
  it('is the last anchor of its name before it, whatever stands below another alias', () => {
    const { value, faults } = readText('a: &x { k: &y 1 }\nb: &y 2\nc: *x\nd: *y')
    expect(value).toEqual({ a: { k: 1 }, b: 2, c: { k: 1 }, d: 2 })
    expect(faults).toEqual([])
  })

  it('does not tell a second time of an anchor that is lost, nor at its own place', () => {
    const lost = '"&" begins an anchor to YAML'
    expect(faultsOf('a: &x\n  b: &y hello there\nc: *x')).toEqual([`11 a.b: ${lost}`])
    expect(faultsOf('a: &x hello\nb: *x\nc: &x there')).toEqual([`21 c: ${lost}`])
  })

  it('makes no file too large or too deep, and that is told once', () => {
    const tooLarge = 'aliases make the file too large'
    const many = `a: &a [${'1, '.repeat(2000)}]\nb: [${'*a, '.repeat(90)}]\nc: { d: 1 }`
    expect(faultsOf(many).map((fault) => fault.replace(/^\d+ b\S+/, ''))).toEqual([` ${tooLarge}`])
    const deep = (inside: string): string => `${'['.repeat(40)}${inside}${']'.repeat(40)}`
    const deeper = faultsOf(`a: &a ${deep('1')}\nb: ${deep('*a')}\nc: [1, 2]`)
    expect(deeper.map((fault) => fault.replace(/^\d+ b\S+/, ''))).toEqual([` ${tooLarge}`])
  })
})

describe('a tag that is unknown', () => {
  it.each([
    ['a: !x b', '3 a'],
    ['a: !x &b c', '3 a'],
    ['a: &b !x c', '6 a'],
    ['a: &b  !x   c', '7 a'],
    ['a: [1,!x b]', '6 a[1]'],
    ['- !x {}', '2 [0]'],
    ['a: !x\n  b: 1', '8 a'],
  ])('is told where it stands: %j', (text, place) => {
    expect(faultsOf(text)[0]).toBe(`${place}: unknown YAML tag "!x"`)
  })
})

describe('a key', () => {
  it.each([
    ['~: 1', { '~': 1 }],
    ['1.0: 1', { '1.0': 1 }],
    ['0x10: 1', { '0x10': 1 }],
    ['True: 1', { True: 1 }],
    ['constructor: 1', { constructor: 1 }],
    ['"${A}": 1', { '${A}': 1 }],
  ])('is as it is written: %s', (text, value) => {
    expect(readText(text)).toMatchObject({ value, faults: [] })
  })

  it.each([
    ['? [a]\n: 1', '2 : a key must be plain text'],
    [': 1', '0 : a key is empty'],
    ['a: { __proto__: 1 }', '5 a: the key "__proto__" is not allowed'],
    ['a: { b: 1, "b": 2 }', '11 a: duplicate key "b"'],
  ])('is refused where it stands: %j', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault])
  })
})
