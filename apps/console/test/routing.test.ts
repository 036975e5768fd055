import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fragmentOf, type Route, routeOf } from '../src/routing/route.ts'
import { paramsOf, queryOf, searchOf } from '../src/past/call-search.ts'

it.each<[string, Route]>([
  ['', { page: 'live' }],
  ['#/live/CA1', { page: 'live-call', id: 'CA1' }],
  ['#/calls/CA1?t=12.3', { page: 'call', id: 'CA1', atSeconds: 12.3 }],
  ['#/calls/CA1?t=soon', { page: 'call', id: 'CA1' }],
  ['#/pipelines/front%20desk', { page: 'pipeline', name: 'front desk' }],
  ['#/phone', { page: 'phone', search: new URLSearchParams() }],
  ['#/calls/a/b', { page: 'unknown', path: '/calls/a/b' }],
  ['#/figures/x', { page: 'unknown', path: '/figures/x' }],
  ['#/live/%', { page: 'live-call', id: '%' }],
])('reads %s', (fragment, route) => expect(routeOf(fragment)).toEqual(route))

it('reads back what it wrote, whatever a call or a pipeline is called', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      for (const route of [
        { page: 'live-call', id: name },
        { page: 'call', id: name },
        { page: 'pipeline', name },
      ] as const)
        expect(routeOf(fragmentOf(route))).toEqual(route)
    }),
  )
})

it('puts a search into the address and takes it out again', () => {
  const search = searchOf(new URLSearchParams('text=weasels&slow=1500&other=x'))
  expect(search).toMatchObject({ text: 'weasels', slow: '1500', from: '' })
  expect(paramsOf({ ...search, from: '  ' }).toString()).toBe('text=weasels&slow=1500')
})

it('asks for whole days of whoever looks', () => {
  const query = queryOf(searchOf(new URLSearchParams('since=2026-03-04&until=2026-03-04')), {
    limit: 10,
    cursor: 'c',
  })
  expect(new Date(query.get('since')!)).toEqual(new Date(2026, 2, 4))
  expect(new Date(query.get('until')!)).toEqual(new Date(2026, 2, 5))
  expect([query.get('limit'), query.get('cursor')]).toEqual(['10', 'c'])
})
