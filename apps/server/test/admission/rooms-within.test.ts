import { createFakeClock } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { type CallRoom, createCallRooms } from '../../src/admission/call-rooms.ts'
import { createRingingCalls, ringingRooms } from '../../src/admission/ringing-calls.ts'
import { roomsWithin } from '../../src/admission/rooms-within.ts'

const CALL = { id: 'CA1' }

function opened(most: number, maxCalls: number) {
  const { clock } = createFakeClock()
  const make = roomsWithin(
    (_name, limit) =>
      ringingRooms(
        createCallRooms(limit),
        createRingingCalls(clock, () => undefined),
      ),
    () => most,
  )
  return { desk: make('desk', () => maxCalls), sales: make('sales', () => 0) }
}

it('a process takes no more calls than it has files for, of all its pipelines together', async () => {
  const { desk, sales } = opened(3, 2)
  expect([desk.free, sales.free]).toEqual([2, undefined])
  const taken = [await desk.claim(CALL), await desk.claim(CALL), await sales.claim(CALL)]
  expect(taken).not.toContain(undefined)
  expect([desk.isFull, sales.isFull, desk.free, sales.free]).toEqual([true, true, 0, 0])
  expect([await sales.claim(CALL), await sales.ring(CALL)]).toEqual([undefined, undefined])
  // Placed, and answered; promised by another process.
  const others = [await sales.claim({ ...CALL, pipeline: 'sales' }), sales.adopt(CALL)]
  taken[2]!.release()
  taken[2]!.release()
  expect(sales.isFull).toBe(true)
  for (const room of others as CallRoom[]) room.release()
  expect(sales.isFull).toBe(false)
  // Refused by its own limit, it takes nobody's place.
  expect(await desk.claim(CALL)).toBeUndefined()
  expect(await sales.claim(CALL)).toBeDefined()
  // What was given back twice had one place.
  expect(sales.isFull).toBe(true)
  taken[0]!.release()
  expect([desk.free, sales.isFull]).toEqual([1, false])
})

it('a process of which no limit is known has none', async () => {
  const { sales } = opened(Infinity, 0)
  expect([await sales.claim(CALL), sales.isFull, sales.free]).toEqual([expect.anything(), false, undefined])
})
