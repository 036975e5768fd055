import { testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { mcpTools } from '../src/mcp-tools.ts'
import { pinArguments } from '../src/pinned.ts'
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
  expect(plainSchema(sent)).toEqual({
    type: 'object',
    properties: {
      format: { type: 'string' },
      list: { type: 'array', items: { anyOf: [{ type: 'string', format: 'date' }] } },
    },
    additionalProperties: false,
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
  expect(readResult(sent)).toBe(expected)
})
