import { createFakeClock } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallRoom, createCallRooms } from '../../src/admission/call-rooms.ts'
import { createRingingCalls, ringingRooms } from '../../src/admission/ringing-calls.ts'
import { MachineRooms } from '../../src/workers/machine-rooms.ts'

const CALL = { id: 'CA1' }
const CALL2 = { id: 'CA2' }
const ROOM: CallRoom = { taken: () => undefined, release: () => undefined }
const time = createFakeClock()
const makeRooms = (_pipeline: string, maxCalls: () => number) =>
  ringingRooms(
    createCallRooms(maxCalls),
    createRingingCalls(time.clock, () => undefined),
  )
const limits = (calls: Record<string, number>) => new Map(Object.entries(calls))

describe('the calls of a machine', () => {
  it('are counted over all workers, each pipeline by itself', async () => {
    const rooms = new MachineRooms(makeRooms)
    const [one, two] = [{}, {}]
    rooms.limit(limits({ desk: 2, sales: 0 }))
    const both = [rooms.claim(one, 1, 'desk', CALL), rooms.claim(two, 1, 'desk', CALL)]
    expect(await Promise.all(both)).toEqual([true, true])
    expect(await rooms.claim(one, 2, 'desk', CALL)).toBe(false)
    expect(rooms.isFull('desk')).toBe(true)
    expect(await rooms.claim(one, 3, 'sales', CALL)).toBe(true)
    rooms.release(two, 1)
    rooms.release(two, 1)
    expect(await rooms.claim(one, 4, 'desk', CALL)).toBe(true)
    expect([rooms.countOf(one), rooms.countOf(two)]).toEqual([3, 0])
  })

  it('are no more in one worker than it may have files open for', async () => {
    const [one, two] = [{}, {}]
    const rooms = new MachineRooms(
      makeRooms,
      () => 1,
      () => [one, two],
    )
    rooms.limit(limits({ desk: 9, sales: 0 }))
    expect([rooms.freeOf('desk'), rooms.freeOf('sales')]).toEqual([2, undefined])
    expect(await rooms.claim(one, 1, 'desk', CALL)).toBe(true)
    expect([rooms.freeOf('desk'), rooms.isFull('desk')]).toEqual([1, false])
    expect(await rooms.claim(one, 2, 'desk', CALL)).toBe(false)
    expect(await rooms.ring(one, 3, 'desk', CALL)).toBe(false)
    expect(await rooms.claim(two, 1, 'desk', CALL)).toBe(true)
    expect([rooms.freeOf('desk'), rooms.isFull('desk'), rooms.isFull('sales')]).toEqual([0, true, true])
    rooms.release(one, 1)
    expect(await rooms.claim(one, 4, 'desk', CALL)).toBe(true)
    // Promised before: not to be refused.
    rooms.adopt(one, 5, 'desk', CALL2)
    expect(rooms.countOf(one)).toBe(2)
  })

  it('keep their room when the limit is lowered', async () => {
    const rooms = new MachineRooms(makeRooms)
    rooms.limit(limits({ desk: 2 }))
    for (const id of [1, 2]) await rooms.claim(rooms, id, 'desk', CALL)
    rooms.limit(limits({ desk: 1 }))
    rooms.release(rooms, 1)
    expect(await rooms.claim(rooms, 3, 'desk', CALL)).toBe(false)
    rooms.limit(limits({ desk: 0 }))
    expect(await rooms.claim(rooms, 3, 'desk', CALL)).toBe(true)
  })

  it('have room while they ring, which is whose answers them, or free when nobody does', async () => {
    const rooms = new MachineRooms(makeRooms)
    const [one, two] = [{}, {}]
    rooms.limit(limits({ desk: 2 }))
    const placed = (id: string) => ({ id, pipeline: 'desk' })
    expect(await rooms.ring(one, 1, 'desk', placed('order-1'))).toBe(true)
    expect(await rooms.ring(one, 2, 'desk', placed('order-2'))).toBe(true)
    expect(await rooms.ring(one, 3, 'desk', placed('order-3'))).toBe(false)
    rooms.ordered(one, 1, 'CA1', 1000)
    // The carrier did not take it.
    rooms.release(one, 2)
    expect(await rooms.claim(two, 1, 'desk', CALL2)).toBe(true)
    expect(rooms.isFull('desk')).toBe(true)
    // Answered at another worker: it is the same room, even if the one that placed it is gone.
    rooms.leave(one)
    expect(await rooms.claim(two, 2, 'desk', placed('CA1'))).toBe(true)
    expect(rooms.countOf(two)).toBe(2)
    rooms.release(two, 2)
    // Answered after its time: it is not refused.
    expect(await rooms.ring(two, 3, 'desk', placed('order-4'))).toBe(true)
    rooms.ordered(two, 3, 'CA3', 1000)
    await time.advance(1000)
    expect(rooms.isFull('desk')).toBe(false)
    for (const id of [4, 5, 6]) expect(await rooms.claim(two, id, 'desk', placed(`CA${id}`))).toBe(true)
  })

  it('are nobody’s when the answer comes after the end of who asked', async () => {
    let answer = (_room: CallRoom): void => undefined
    let released = 0
    const rooms = new MachineRooms(() => ({
      claim: () => new Promise((resolve) => (answer = resolve)),
      ring: () => undefined,
      adopt: () => ROOM,
      isFull: false,
    }))
    const worker = {}
    const asked = rooms.claim(worker, 1, 'desk', CALL)
    rooms.leave(worker)
    answer({ ...ROOM, release: () => void released++ })
    await asked
    expect([released, rooms.countOf(worker)]).toEqual([1, 0])
  })

  it('are never more than the limit, whoever claims, lets go and dies', async () => {
    const worker = fc.constantFrom('one', 'two', 'three')
    const step = fc.tuple(fc.constantFrom('claim', 'release', 'die'), worker)
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, most) => {
          const rooms = new MachineRooms(makeRooms)
          rooms.limit(limits({ desk: most }))
          const holders = { one: {}, two: {}, three: {} }
          const held = { one: [] as number[], two: [] as number[], three: [] as number[] }
          const total = () => Object.values(held).reduce((sum, ids) => sum + ids.length, 0)
          let id = 0
          for (const [what, name] of steps) {
            const of = name
            if (what === 'claim') {
              const room = total() < most
              expect(await rooms.claim(holders[of], ++id, 'desk', CALL)).toBe(room)
              if (room) held[of].push(id)
            } else if (what === 'release') rooms.release(holders[of], held[of].pop() ?? -1)
            else {
              const dead = holders[of]
              expect(rooms.leave(dead)).toBe(held[of].splice(0).length)
              // What it had said before is read only now, and takes up nothing.
              expect(await rooms.claim(dead, ++id, 'desk', CALL)).toBe(false)
              rooms.adopt(dead, ++id, 'desk', CALL)
              holders[of] = {}
            }
            expect(rooms.isFull('desk')).toBe(total() >= most)
          }
        },
      ),
    )
  })
})
