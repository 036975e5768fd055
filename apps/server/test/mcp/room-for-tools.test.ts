import { expect, it } from 'vitest'
import { createRoomForTools } from '../../src/mcp/room-for-tools.ts'

function held() {
  const ends: (() => void)[] = []
  const run = () => new Promise<void>((resolve) => ends.push(resolve))
  return { ends, run }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

it('an agent that asks without waiting is told so, and heard again once an answer has come', async () => {
  const room = createRoomForTools()
  const { ends, run } = held()
  const asked = Array.from({ length: 32 }, () => room.answer(run))
  const oneMore = room.answer(run)
  // Where it was let in, nothing would ever come of it.
  expect(ends).toHaveLength(32)
  await expect(oneMore).rejects.toThrow('32 requests wait for their answers')
  ends[0]!()
  await asked[0]
  await expect(room.answer(() => Promise.resolve('heard'))).resolves.toBe('heard')
})

it('what failed leaves its place, too', async () => {
  const room = createRoomForTools()
  for (let round = 0; round < 100; round++)
    await expect(room.answer(() => room.inProcess(() => Promise.reject(new Error('no'))))).rejects.toThrow(
      'no',
    )
})

it('two processes run at a time, whoever asked for them, in the order they were asked for', async () => {
  const room = createRoomForTools()
  const begun: number[] = []
  const { ends, run } = held()
  const asked = [0, 1, 2, 3].map((nth) =>
    room.inProcess(() => {
      begun.push(nth)
      return run()
    }),
  )
  expect(begun).toEqual([0, 1])
  ends[1]!()
  await asked[1]
  await turn()
  expect(begun).toEqual([0, 1, 2])
  ends[0]!()
  ends[2]!()
  await turn()
  ends[3]!()
  await Promise.all(asked)
  expect(begun).toEqual([0, 1, 2, 3])
})
