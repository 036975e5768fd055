import { testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { mcpTools } from '../src/mcp-tools.ts'
import { pinArguments } from '../src/pinned.ts'
import { allowedTools } from '../src/server-tools.ts'
import { readResult } from '../src/tool-result.ts'
import { plainSchema } from '../src/tool-schema.ts'

const told = (given: object) =>
  mcpTools.check!(testParams(mcpTools.params, { allow: ['a'], ...given })).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )

it.each([
  [{}, [': either url or command, and not both']],
  [{ url: 'https://a.example/mcp', command: 'x' }, [': either url or command, and not both']],
  [{ url: 'https://a.example/mcp', env: {} }, ['env: env goes with command']],
  [{ command: 'x', headers: {} }, ['headers: headers goes with url']],
  [{ url: 'https://a.example/mcp', lasting: ['b'] }, ['lasting.0: "b" is not in allow']],
  [{ url: 'https://a.example/mcp' }, []],
])('params %o', (given, expected) => {
  expect(told(given)).toEqual(expect.arrayContaining(expected))
})

describe('a pinned argument', () => {
  const schema = {
    type: 'object',
    properties: {
      note: { type: 'string' },
      count: { type: ['integer', 'null'] },
      gift: { type: 'boolean' },
      any: {},
    },
    required: ['note'],
  }
  const fill = (pin: object, call: Record<string, string> = { n: '7', b: 'true', t: 'five' }) =>
    pinArguments(schema, pin as never).fill({ kept: 1 }, call)

  it.each([
    [{ note: 'by {{t}} and {{absent}}' }, { note: 'by five and ' }],
    [{ count: '{{n}}' }, { count: 7 }],
    [{ count: '{{t}}' }, { count: 'five' }],
    [{ gift: '{{b}}' }, { gift: true }],
    [{ any: '{{n}}' }, { any: '7' }],
    [{ gift: '{{absent}}' }, {}],
    [{ count: 3 }, { count: 3 }],
    [{ foreign: 'x' }, {}],
  ])('%o', (pin, expected) => {
    expect(fill(pin)).toEqual({ kept: 1, ...expected })
  })

  it('is not the model’s to set, not even where the call has no value for it', () => {
    const { fill: withPins } = pinArguments(schema, { gift: '{{absent}}', foreign: 'x' })
    expect(withPins({ gift: true, foreign: 'mine', note: 'a' }, {})).toEqual({ note: 'a' })
  })

  it.each([
    [
      '$ref',
      { $ref: '#/$defs/Order', $defs: { Order: { properties: { tenant: { type: 'integer' }, q: {} } } } },
    ],
    [
      'allOf',
      {
        properties: { q: {} },
        allOf: [{ properties: { tenant: { $ref: '#/$defs/Id' } } }],
        $defs: { Id: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
      },
    ],
    [
      'anyOf',
      {
        properties: { q: {} },
        anyOf: [{ required: ['tenant'], properties: { tenant: { type: 'integer' } } }, { required: ['q'] }],
      },
    ],
    [
      'oneOf',
      {
        properties: { q: {}, tenant: { type: 'integer' } },
        oneOf: [{ required: ['tenant'] }, { required: ['q'] }],
      },
    ],
    [
      'then',
      {
        properties: { q: {} },
        if: { required: ['q'] },
        then: { properties: { tenant: { type: 'integer' } } },
      },
    ],
  ])('is neither seen nor set by the model where it is declared behind %s', (_keyword, declared) => {
    const { schema: seen, fill: withPins } = pinArguments(
      { type: 'object', ...declared },
      { tenant: '{{n}}' },
    )
    expect(JSON.stringify(seen)).not.toContain('tenant')
    expect(JSON.stringify(seen)).not.toContain('oneOf')
    expect(withPins({ q: 1, tenant: 'mine' }, { n: '7' })).toEqual({ q: 1, tenant: 7 })
  })

  it('is required where a part that always holds says so', () => {
    const behind = { $ref: '#/$defs/A', $defs: { A: { required: ['tenant'], properties: { tenant: {} } } } }
    expect(() => pinArguments(behind, { tenant: '{{n}}' }).fill({}, {})).toThrow('no value for tenant')
  })

  it('leaves a schema that refers to itself as it is, and ends', () => {
    const round = { type: 'object', properties: { a: {} }, allOf: [{ $ref: '#' }] }
    expect(pinArguments(round, { b: 'x' }).schema).toEqual(round)
    expect(pinArguments(round, { a: 'x' }).fill({}, {})).toEqual({ a: 'x' })
    const wide = { properties: { a: {} }, anyOf: Array.from({ length: 60 }, () => ({ $ref: '#' })) }
    expect(JSON.stringify(pinArguments(wide, { a: 'x' }).schema).length).toBeLessThan(100_000)
  })

  it('is no value of an object itself', () => {
    expect(() => fill({ note: '{{constructor}}' })).toThrow('no value for note')
  })
})

it('a schema keeps what the core checks, at every depth', () => {
  const sent = {
    $schema: 'x',
    $id: 'y',
    type: 'object',
    'x-order': 1,
    properties: {
      format: { type: 'string', format: 'color', markdown: true },
      list: { type: 'array', items: { anyOf: [{ type: 'string', format: 'date', x: 1 }] } },
    },
    additionalProperties: false,
  }
  expect(plainSchema(sent).schema).toEqual({
    type: 'object',
    properties: {
      format: { type: 'string' },
      list: { type: 'array', items: { anyOf: [{ type: 'string', format: 'date' }] } },
    },
    additionalProperties: false,
  })
})

describe('a pattern that RE2 does not take', () => {
  const LONG = '^.{1,2000}$'

  it('is left to the server, and told with the field that it was for', () => {
    const note = { type: 'string', pattern: LONG }
    const sent = {
      type: 'object',
      properties: { note, code: { type: 'string', pattern: '^[a-z]+$' }, list: { items: { anyOf: [note] } } },
    }
    const { schema, dropped } = plainSchema(sent)
    expect(schema).toEqual({
      type: 'object',
      properties: {
        note: { type: 'string' },
        code: { type: 'string', pattern: '^[a-z]+$' },
        list: { items: { anyOf: [{ type: 'string' }] } },
      },
    })
    expect(dropped).toEqual([
      { field: 'properties.note', pattern: LONG },
      { field: 'properties.list.items.anyOf.0', pattern: LONG },
    ])
  })

  it.each([
    ['not', { not: { pattern: LONG } }, {}],
    ['oneOf', { oneOf: [{ pattern: '(?=a)' }, { type: 'null' }] }, {}],
    ['if', { if: { pattern: LONG }, then: { minLength: 3 }, else: { minLength: 1 } }, {}],
    [
      'patternProperties',
      { type: 'object', patternProperties: { '(?!x)': {}, '^y': {} }, additionalProperties: false },
      { type: 'object', patternProperties: { '^y': {} } },
    ],
  ])('makes nothing stricter in %s', (_keyword, sent, expected) => {
    expect(plainSchema(sent).schema).toEqual(expected)
  })
})

it.each([
  [{ content: [] }, ''],
  [{ content: [], structuredContent: { a: 1 } }, '{"a":1}'],
  [{ content: [{ type: 'resource', resource: { uri: 'x', text: 'A page.' } }] }, 'A page.'],
  [{ content: [{ type: 'resource', resource: { uri: 'x', blob: 'AA' } }] }, '[a file that is not text]'],
  [{ content: [{ type: 'resource_link', name: 'menu', uri: 'x' }] }, '[a link: menu]'],
  [{ content: [{ type: 'audio' }, null, { type: 'text' }] }, '[a sound that is not text]'],
  ['nonsense', ''],
])('a result %o is told as %s', (sent, expected) => {
  expect(readResult(sent, (text) => text)).toBe(expected)
})

it('two names that are one for a model are two', () => {
  const listed = ['orders.find', 'orders_find', 'x'.repeat(80), `${'x'.repeat(79)}y`].map((name) => ({
    name,
    inputSchema: { type: 'object' as const },
  }))
  const params = testParams(mcpTools.params, { allow: listed.map(({ name }) => name) })
  const { tools } = allowedTools(listed, params)
  expect(tools.map(({ tool, name }) => [tool.name.slice(0, 70), name.length])).toEqual([
    ['orders_find', 11],
    ['orders_find_2', 11],
    ['x'.repeat(64), 80],
    [`${'x'.repeat(60)}_2`, 80],
  ])
})
