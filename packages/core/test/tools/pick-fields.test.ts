import { describe, expect, it } from 'vitest'
import { pickFields } from '../../src/tools/pick-fields.ts'

describe('fields are picked of', () => {
  it.each<[string, unknown, string[], string]>([
    ['an empty list', { items: [] }, ['items.name'], '{"items.name":[]}'],
    ['an empty list at the root', [], ['name', '0.name'], '{"name":[]}'],
    ['an empty list among full ones', [{ a: [] }, { a: [{ b: 1 }] }], ['a.b'], '{"a.b":[[],[1]]}'],
    ['a key with a dot', { 'order.status': 'sent' }, ['order.status'], '{"order.status":"sent"}'],
    ['the same deeper', { a: { 'b.c': { d: 1 } } }, ['a.b.c.d'], '{"a.b.c.d":1}'],
    ['the same in a list', { l: [{ 'b.c': 1 }, { b: { c: 2 } }] }, ['l.b.c'], '{"l.b.c":[1,2]}'],
    ['a dead end with a dot', { 'a.b': 1, a: { b: { c: 2 } } }, ['a.b.c'], '{"a.b.c":2}'],
    ['null, false, zero', { n: null, f: false, z: 0 }, ['n', 'f', 'z'], '{"n":null,"f":false,"z":0}'],
  ])('%s', (_what, value, paths, content) => {
    expect(JSON.stringify(pickFields(value, paths))).toBe(content)
  })
})
