import { expect, it } from 'vitest'
import type { CallEvent } from '@kav/core/host'
import { toldToAll } from '../../src/service/told-to-all.ts'

const EVENT = { event: 'rx_started', atMs: 0, fields: {}, private: {} } as unknown as CallEvent

it('every listener is told, in its order; without any there is none to call', () => {
  const told: string[] = []
  const listener = (name: string) => (_event: CallEvent, callId: string) =>
    void told.push(`${name} ${callId}`)
  toldToAll([listener('hook'), undefined, listener('slo'), listener('own')])!(EVENT as never, 'c1')
  expect(told).toEqual(['hook c1', 'slo c1', 'own c1'])
  const only = listener('only')
  expect(toldToAll([undefined, only])).toBe(only)
  expect(toldToAll([undefined])).toBeUndefined()
})
