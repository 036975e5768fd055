import fc from 'fast-check'
import { FleetWatchers } from '@kav/core/kit'
import type { FleetEvent } from '@kav/core'
import { expect, it } from 'vitest'
import { CallTable } from '../src/call-table.ts'

const NUMBERS = ['+15550100', '+15550101']

const id = fc.constantFrom('CA1', 'CA2', 'CA3')
const owner = fc.constantFrom('a', 'b')
const step = fc.oneof(
  fc.record({
    do: fc.constant('put' as const),
    id,
    owner,
    state: fc.constantFrom('promised' as const, 'running' as const),
    number: fc.constantFrom(undefined, ...NUMBERS),
    session: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ do: fc.constant('remove' as const), id, owner: fc.option(owner, { nil: undefined }) }),
  fc.record({ do: fc.constantFrom('lose' as const, 'find' as const, 'forget' as const), owner }),
  fc.record({ do: fc.constant('sweep' as const), owner, session: fc.integer({ min: 1, max: 3 }) }),
)

/** What watchers know from events alone: calls that run, and calls that are lost. */
function follow(watchers: FleetWatchers) {
  const running = new Set<string>()
  const lost = new Set<string>()
  watchers.add(({ type, call }: FleetEvent) => {
    const before = running.has(call.id)
    if ((type === 'began' || type === 'found') === before)
      throw new Error(`${type} of a call that runs: ${before}`)
    if (type === 'began' || type === 'found') running.add(call.id)
    else running.delete(call.id)
    if (type === 'lost') lost.add(call.id)
    else lost.delete(call.id)
  })
  return running
}

it('counts what it shows, and tells watchers of nothing else', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const watchers = new FleetWatchers((thrown) => {
        throw thrown
      })
      const table = new CallTable(watchers)
      table.prove('a')
      table.prove('b')
      const told = follow(watchers)
      for (const one of steps) {
        if (one.do === 'put') {
          const { number, state } = one
          const call = { id: one.id, pipeline: 'p', node: one.owner, state, sinceMs: 0 }
          table.put(
            { owner: one.owner, call: number === undefined ? call : { ...call, number } },
            one.session,
          )
        } else if (one.do === 'remove') table.remove(one.id, one.owner)
        else if (one.do === 'sweep') table.sweep(one.owner, one.session)
        else table[one.do](one.owner)
        // A node that was forgotten shows that it lives before more is told of it.
        if (one.do === 'forget') table.prove(one.owner)
        const shown = table.shown()
        const running = shown.filter(({ state }) => state === 'running').map((call) => call.id)
        const ofNumber = (number: string) => shown.filter((call) => call.number === number).length
        expect([
          table.counts.total,
          table.running,
          ...NUMBERS.map((number) => table.counts.of(number)),
          ...[...told].sort(),
        ]).toEqual([shown.length, running.length, ...NUMBERS.map(ofNumber), ...running.sort()])
      }
    }),
    { numRuns: 200 },
  )
})

it('tells of a node that lives alone, from the moment when it shows it', () => {
  const watchers = new FleetWatchers((thrown) => {
    throw thrown
  })
  const told: string[] = []
  watchers.add(({ type, call }) => void told.push(`${type} ${call.id}`))
  const table = new CallTable(watchers)
  const call = (callId: string, node: string) => ({
    id: callId,
    pipeline: 'p',
    node,
    state: 'running' as const,
    sinceMs: 0,
  })
  table.put({ owner: 'dead', call: call('CA1', 'dead') }, 1)
  table.put({ owner: 'alive', call: call('CA2', 'alive') }, 1)
  expect(table.running).toBe(2)
  table.prove('alive')
  table.prove('alive')
  expect(table.lose('dead')).toBe(0)
  expect(table.lose('alive')).toBe(1)
  expect(told).toEqual(['began CA2', 'lost CA2'])
})

it('sweeps what an older session told alone', () => {
  const table = new CallTable(new FleetWatchers(() => undefined))
  const call = (callId: string) => ({
    id: callId,
    pipeline: 'p',
    node: 'a',
    state: 'running' as const,
    sinceMs: 0,
  })
  table.put({ owner: 'a', call: call('CA1') }, 1)
  table.put({ owner: 'a', call: call('CA2') }, 2)
  table.put({ owner: 'b', call: call('CA3') }, 1)
  table.sweep('a', 2)
  expect(table.shown().map(({ id: callId }) => callId)).toEqual(['CA2', 'CA3'])
})
