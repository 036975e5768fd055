import { expect, it } from 'vitest'
import { tellOddSession } from '../../src/providers/session-doubts.ts'

const nothing = (): undefined => undefined
const session = {
  write: nothing,
  interrupt: nothing,
  finish: nothing,
  events: [],
  close: nothing,
  enterKeys: nothing,
}

it('the first session of a provider is looked at, and no other', () => {
  const told: string[] = []
  const [first, second] = [{}, {}]
  for (const provider of [first, first, second])
    tellOddSession('realtime', provider, session, (odd) => told.push(odd))
  expect(told).toEqual(Array(2).fill('has "enterKeys", which no realtime session has; did you mean "enter"?'))
})

it('ordinary fields of a class are no matter of spelling', () => {
  const { enterKeys: _, ...right } = session
  const data = [
    'sender',
    'render',
    'notes',
    'node',
    'center',
    'entered',
    'resumed',
    'resumeToken',
    'endTurns',
    'vote',
  ]
  const methods = [
    'center',
    'render',
    'sender',
    'mode',
    'notes',
    'notify',
    'resumeFrom',
    'enterQueue',
    'presume',
  ]
  for (const fields of [
    Object.fromEntries(data.map((name) => [name, 1])),
    Object.fromEntries(methods.map((name) => [name, nothing])),
  ])
    tellOddSession('realtime', {}, { ...right, ...fields }, expect.unreachable)
})

it('a session that is none, or that cannot be looked at, is no matter of spelling', () => {
  const trap = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('trap')
      },
    },
  )
  for (const odd of [undefined, null, 5, trap]) tellOddSession('stt', {}, odd, expect.unreachable)
})
