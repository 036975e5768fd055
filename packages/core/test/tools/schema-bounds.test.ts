import { describe, expect, it } from 'vitest'
import { compileArguments } from '../../src/tools/argument-check.ts'

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })
const many = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index))
const nested = (depth: number): object =>
  depth === 0 ? {} : { type: 'object', properties: { a: nested(depth - 1) } }
const doubling = (depth: number) => {
  const to = (index: number) => ({ $ref: `#/$defs/d${index}` })
  const last = [[`d${depth}`, { type: 'string' }]] as const
  const others = many(depth, (index) => [`d${index}`, { allOf: [to(index + 1), to(index + 1)] }] as const)
  return object({ id: to(0) }, { $defs: Object.fromEntries([...others, ...last]) })
}
const circular: Record<string, unknown> = { type: 'object' }
circular['properties'] = { again: circular }

describe('a schema that would take long to compile or to check is refused at once', () => {
  it.each([
    [
      'properties',
      object(Object.fromEntries(many(3_000, (i) => [`p${i}`, { enum: ['a', 'b'] }]))),
      '500 objects',
    ],
    ['entries of an enum', object({ a: { enum: many(30_000, (i) => i) } }), '5000 entries'],
    ['text', object({ a: { description: 'x'.repeat(200_000) } }), '131072 characters'],
    ['depth', nested(40), '64 levels'],
    ['a schema in itself', circular, '64 levels'],
    ['references that double', doubling(25), '10000 checks'],
    ['a reference to itself', object({ id: { $ref: '#/properties/id' } }), 'refers to itself without end'],
    ['the whole in its own place', object({}, { allOf: [{ $ref: '#' }] }), 'refers to itself without end'],
  ])('%s', (_name, schema, reason) => {
    expect(compileArguments(schema as never)).toEqual({
      ok: false,
      reason: expect.stringContaining(reason) as string,
    })
  })

  it('one that describes a tree is not', () => {
    const tree = object({ name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } })
    const compiled = compileArguments(tree)
    if (!compiled.ok) throw new Error(compiled.reason)
    expect(compiled.check({ name: 'a', children: [{ name: 'b', children: [] }] }).ok).toBe(true)
    expect(compiled.check({ name: 'a', children: [{ name: {} }] }).ok).toBe(false)
  })
})

it('an argument may be called as what every object has', () => {
  const compiled = compileArguments(object({ constructor: { type: 'string' } }))
  expect(compiled.ok && compiled.check({})).toMatchObject({ ok: true })
  expect(compiled.ok && compiled.check({ constructor: { a: 1 } })).toMatchObject({ ok: false })
})

describe('uniqueItems', () => {
  const compiled = compileArguments(object({ list: { type: 'array', uniqueItems: true } }))
  if (!compiled.ok) throw new Error(compiled.reason)
  const fits = (list: readonly unknown[]) => compiled.check({ list }).ok

  it.each([
    [[1, '1', true, 'true', null], true],
    [[1, 2, 1], false],
    [
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      false,
    ],
    [[{ a: 1 }, { a: 2 }, [1], [2]], true],
    [[[{ a: 1 }], [{ a: 1 }]], false],
  ])('%j: %s', (list, expected) => {
    expect(fits(list)).toBe(expected)
  })

  it('takes linear time', () => {
    // ajv's own would take minutes.
    expect(fits(many(50_000, (i) => ({ i })))).toBe(true)
  })
})
