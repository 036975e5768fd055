import { Type } from '@sinclair/typebox'
import { describe, expect, it } from 'vitest'
import { paramsDoc } from '../../src/plugins/index.ts'

describe('paramsDoc', () => {
  it('tells name, type, default and meaning of every param, nested ones flattened', () => {
    const params = Type.Object({
      api_key: Type.String({ description: 'Key of the account.' }),
      mode: Type.Union([Type.Literal('fast'), Type.Literal('good')], {
        description: 'a | b.',
        default: 'good',
      }),
      tries: Type.Integer({ description: 'How often.', minimum: 1, maximum: 5, default: 3 }),
      retry: Type.Object({ wait_ms: Type.Number({ description: 'Pause.', default: 200 }) }, { default: {} }),
      hosts: Type.Optional(Type.Array(Type.Object({ name: Type.String({ description: 'DNS.' }) }))),
    })
    expect(paramsDoc({ params })).toBe(
      [
        '| Param | Type | Default | Meaning |',
        '|---|---|---|---|',
        '| `api_key` | text | required | Key of the account. |',
        '| `mode` | `"fast"` \\| `"good"` | `"good"` | a \\| b. |',
        '| `tries` | whole number, 1 to 5 | `3` | How often. |',
        '| `retry` | map |  |  |',
        '| `retry.wait_ms` | number | `200` | Pause. |',
        '| `hosts` | list of map |  |  |',
        '| `hosts[].name` | text | required | DNS. |',
        '',
      ].join('\n'),
    )
    expect(paramsDoc({ params: Type.Object({}) })).toBe('No params.\n')
  })
})
