import { describe, expect, it } from 'vitest'
import { compileArguments } from '../../src/tools/argument-check.ts'

const text = { type: 'string' }

function problem(parameters: object, args: object): string | undefined {
  const compiled = compileArguments(parameters as never)
  if (!compiled.ok) throw new Error(compiled.reason)
  const checked = compiled.check(args as never)
  return checked.ok ? undefined : checked.reason
}

describe('a schema that is right, in whatever dialect', () => {
  it.each([
    [
      'names its draft',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', properties: { day: text } },
    ],
    [
      'asks for one of two',
      { properties: { id: text, name: text }, anyOf: [{ required: ['id'] }, { required: ['name'] }] },
    ],
    [
      'asks for more in a case',
      {
        properties: { kind: text, id: text },
        if: { properties: { kind: { const: 'a' } } },
        then: { required: ['id'] },
      },
    ],
    ['describes in parts', { allOf: [{ properties: { id: text } }, { required: ['id'] }], required: ['id'] }],
    [
      'asks by a reference',
      { properties: { id: text }, $defs: { one: { required: ['id'] } }, allOf: [{ $ref: '#/$defs/one' }] },
    ],
    [
      'refers to an anchor',
      { properties: { id: { $ref: '#id' } }, $defs: { id: { $anchor: 'id', ...text } } },
    ],
    [
      'has keywords of its own',
      { properties: { id: { ...text, 'x-order': 1, example: '42' } }, 'x-owner': 'shop' },
    ],
    [
      'says formats that are not checked',
      { properties: { id: { ...text, format: 'ipv4' }, n: { type: 'integer', format: 'int32' } } },
    ],
  ])('is taken where it %s', (_what, schema) => {
    expect(problem({ type: 'object', ...schema }, { id: '10.0.0.1' })).toBeUndefined()
  })

  it('has its tuple checked item by item, as older drafts write one', () => {
    const pair = { type: 'array', items: [text, { type: 'integer' }], additionalItems: false }
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { pair },
    }
    expect(problem(schema, { pair: ['a', 1] })).toBeUndefined()
    expect(problem(schema, { pair: ['a', {}] })).toMatch(/pair\.1 must be integer/)
    expect(problem(schema, { pair: ['a', 1, 2] })).toMatch(/pair must NOT have more than 2 items/)
  })

  it('has what it asks for asked for', () => {
    const either = {
      properties: { id: text, name: text },
      anyOf: [{ required: ['id'] }, { required: ['name'] }],
    }
    expect(problem({ type: 'object', ...either }, {})).toMatch(/required property/)
  })
})

describe('a schema that is misspelt', () => {
  it.each([
    [{ properties: { id: text }, required: ['di'] }, 'required argument "di" is not described at "#"'],
    [
      { properties: { id: text }, anyOf: [{ required: ['id'] }, { required: ['nam'] }] },
      'required argument "nam" is not described at "#/anyOf/1"',
    ],
    [
      { properties: { of: { type: 'object', properties: { id: text }, required: ['x'] } }, required: ['of'] },
      'required argument "x" is not described at "#/properties/of"',
    ],
    [{ properties: { id: { ...text, maxLenght: 3 } } }, 'strict mode: unknown keyword: "maxLenght"'],
    [{ properties: { id: { ...text, format: 'phone' } } }, /unknown format "phone"/],
  ])('is refused: %o', (schema, reason) => {
    const compiled = compileArguments({ type: 'object', ...schema })
    expect(compiled).toMatchObject({ ok: false })
    if (!compiled.ok) expect(compiled.reason).toMatch(reason)
  })
})
