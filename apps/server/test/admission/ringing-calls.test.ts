import { createFakeClock } from '@kav/core/testing'
import { expect, it } from 'vitest'
import type { CallRoom, CountedRooms } from '../../src/admission/call-rooms.ts'
import { createRingingCalls, ringingRooms } from '../../src/admission/ringing-calls.ts'

/** Rooms that others count, and what becomes of each. */
function openRooms() {
  const { clock, advance, pending } = createFakeClock()
  const told: string[] = []
  const ringing = createRingingCalls(clock, () => told.push('expired'))
  const room = (name: string): CallRoom => ({
    taken: () => told.push(`${name} taken`),
    release: () => told.push(`${name} released`),
    ordered: (id) => told.push(`${name} is ${id}`),
  })
  const counted: CountedRooms = {
    claim: async ({ id }) => (id === 'full' ? undefined : room(id)),
    promise: ({ id }) => room(`promised ${id}`),
    adopt: ({ id }) => room(`adopted ${id}`),
    isFull: false,
  }
  return { rooms: ringingRooms(counted, ringing), ringing, told, advance, pending }
}

it('a call that rings has a room elsewhere, which is told its id, until it is answered, over, or rings too long', async () => {
  const { rooms, ringing, told, advance, pending } = openRooms()
  for (const id of ['answered', 'over', 'unheard', 'unordered']) {
    const room = await rooms.ring({ id })
    if (id === 'unordered') room!.release()
    else room!.ordered(`CA ${id}`, 30_000)
  }
  expect(await rooms.ring({ id: 'full' })).toBeUndefined()
  expect(told.splice(0)).toEqual([
    'answered is CA answered',
    'over is CA over',
    'unheard is CA unheard',
    'unordered released',
  ])
  const answered = await rooms.claim({ id: 'CA answered', pipeline: 'desk' })
  answered!.taken()
  ringing.over('CA over')
  // Said twice, or of one that was answered: it has no room any more that could be freed.
  ringing.over('CA over')
  ringing.over('CA answered')
  await advance(30_000)
  expect(told).toEqual(['answered taken', 'over released', 'expired', 'unheard released'])
  expect(pending()).toBe(0)
})
