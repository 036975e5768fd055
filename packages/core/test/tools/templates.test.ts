import { describe, expect, it } from 'vitest'
import { bodyPlaces, fillBody, restOf } from '../../src/tools/body-template.ts'
import { pickFields } from '../../src/tools/pick-fields.ts'

describe('a body template', () => {
  const values = { args: { id: 7, name: 'O"Neil', tags: ['a'] }, call: { from: '+1555' } }

  it('puts values in with their types and leaves out what is missing', () => {
    const body = {
      id: '{id}',
      tags: '{tags}',
      note: 'For {name} ({id}), {gone}',
      from: '{{from}}',
      gone: '{gone}',
    }
    expect(fillBody({ ...body, deep: { list: ['{id}', '{gone}', 1, null] } }, values)).toEqual({
      id: 7,
      tags: ['a'],
      note: 'For O"Neil (7), ',
      from: '+1555',
      deep: { list: [7, 1, null] },
    })
  })

  it('never turns a value into structure or into another place', () => {
    const tricky = { args: { name: '{{from}}","admin":true,"x":"{id}', id: 1 }, call: { from: 'secret' } }
    expect(fillBody({ name: 'Mr {name}' }, tricky)).toEqual({
      name: 'Mr {{from}}","admin":true,"x":"{id}',
    })
  })

  it('knows nothing of what every object inherits', () => {
    expect(fillBody({ a: '{constructor}', b: '{__proto__}' }, values)).toEqual({})
  })

  it('tells where its places stand', () => {
    expect(bodyPlaces({ a: ['x', '{id}'] })).toEqual([
      { place: { kind: 'argument', name: 'id' }, path: ['a', 1] },
    ])
  })

  it('sends the arguments that are not used elsewhere', () => {
    expect(restOf({ a: 1, b: 2 }, new Set(['a']))).toEqual({ b: 2 })
  })
})

describe('pickFields', () => {
  const answer = {
    order: { status: 'sent', items: [{ name: 'lamp', price: 3 }, { name: 'desk' }] },
    ok: null,
  }

  it.each([
    ['order.status', 'sent'],
    ['order.items.0.name', 'lamp'],
    ['order.items.name', ['lamp', 'desk']],
    ['order.items.price', [3]],
    ['ok', null],
  ])('%s is %j', (path, value) => {
    expect(pickFields(answer, [path])).toEqual({ [path]: value })
  })

  it('leaves out what is not there, inherited things included', () => {
    expect(
      pickFields(answer, ['order.gone', 'order.items.9', 'order.items.gone', 'constructor', 'a.b']),
    ).toEqual({})
    expect(pickFields(null, ['a'])).toEqual({})
  })
})
