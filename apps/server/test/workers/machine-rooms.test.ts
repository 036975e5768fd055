import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MachineRooms } from '../../src/workers/machine-rooms.ts'

const CALL = { id: 'CA1' }
const limits = (calls: Record<string, number>) => new Map(Object.entries(calls))

describe('the calls of a machine', () => {
  it('are counted over all workers, each pipeline by itself', () => {
    const rooms = new MachineRooms()
    const [one, two] = [{}, {}]
    rooms.limit(limits({ desk: 2, sales: 0 }))
    expect([rooms.claim(one, 1, 'desk', CALL), rooms.claim(two, 1, 'desk', CALL)]).toEqual([true, true])
    expect(rooms.claim(one, 2, 'desk', CALL)).toBe(false)
    expect(rooms.isFull('desk')).toBe(true)
    expect(rooms.claim(one, 3, 'sales', CALL)).toBe(true)
    rooms.release(two, 1)
    rooms.release(two, 1)
    expect(rooms.claim(one, 4, 'desk', CALL)).toBe(true)
    expect([rooms.countOf(one), rooms.countOf(two)]).toEqual([3, 0])
  })

  it('keep their room when the limit is lowered', () => {
    const rooms = new MachineRooms()
    rooms.limit(limits({ desk: 2 }))
    for (const id of [1, 2]) rooms.claim(rooms, id, 'desk', CALL)
    rooms.limit(limits({ desk: 1 }))
    rooms.release(rooms, 1)
    expect(rooms.claim(rooms, 3, 'desk', CALL)).toBe(false)
    rooms.limit(limits({ desk: 0 }))
    expect(rooms.claim(rooms, 3, 'desk', CALL)).toBe(true)
  })

  it('are never more than the limit, whoever claims, lets go and dies', () => {
    const worker = fc.constantFrom('one', 'two', 'three')
    const step = fc.tuple(fc.constantFrom('claim', 'release', 'die'), worker)
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 1, max: 5 }), (steps, most) => {
        const rooms = new MachineRooms()
        rooms.limit(limits({ desk: most }))
        const holders = { one: {}, two: {}, three: {} }
        const held = { one: [] as number[], two: [] as number[], three: [] as number[] }
        const total = () => Object.values(held).reduce((sum, ids) => sum + ids.length, 0)
        let id = 0
        for (const [what, name] of steps) {
          const of = name
          if (what === 'claim') {
            const room = total() < most
            expect(rooms.claim(holders[of], ++id, 'desk', CALL)).toBe(room)
            if (room) held[of].push(id)
          } else if (what === 'release') rooms.release(holders[of], held[of].pop() ?? -1)
          else expect(rooms.leave(holders[of])).toBe(held[of].splice(0).length)
          expect(rooms.isFull('desk')).toBe(total() >= most)
        }
      }),
    )
  })
})
