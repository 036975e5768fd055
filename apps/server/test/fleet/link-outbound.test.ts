import type { CallDirectory, CommandHandler, FleetCall, FleetEvent } from '@kav/core'
import { createFakeClock } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { createCallRooms } from '../../src/admission/call-rooms.ts'
import { createRingingCalls, ringingRooms } from '../../src/admission/ringing-calls.ts'
import { linkOutbound } from '../../src/fleet/link-outbound.ts'
import { answerNodes } from '../../src/live/fleet-call-host.ts'

const CALL: FleetCall = { id: 'CA1', pipeline: 'desk', node: 'there', state: 'promised', sinceMs: 0 }

/** The node `there` has placed a call; the carrier speaks to `here`. */
function twoNodes() {
  const calls = [CALL]
  const time = createFakeClock()
  let handler: CommandHandler | undefined
  let tell = (_event: FleetEvent): void => undefined
  const shared = {
    find: (id: string) => calls.find((call) => call.id === id),
    async command(command: Parameters<CommandHandler>[0]) {
      return { answered: true, answer: await handler!(command) } as const
    },
    onCommand: (one: CommandHandler) => void (handler = one),
    pace: () => ({ go: true }) as const,
  }
  const nodeOf = (node: string, watch: CallDirectory['watch']) => {
    const ringing = createRingingCalls(time.clock, () => undefined)
    const directory = { ...shared, node, watch } as unknown as CallDirectory
    return { ringing, directory, outbound: linkOutbound({ directory, ringing }) }
  }
  const here = nodeOf('here', () => () => undefined)
  const there = nodeOf('there', (listener) => {
    tell = listener
    return () => undefined
  })
  answerNodes(there.directory, async () => undefined, there.ringing.over)
  const rooms = ringingRooms(
    createCallRooms(() => 1),
    there.ringing,
  )
  return { calls, here, rooms, tell: (event: FleetEvent) => tell(event) }
}

async function ring({ rooms }: Pick<ReturnType<typeof twoNodes>, 'rooms'>): Promise<void> {
  const room = await rooms.ring({ id: 'order-1', pipeline: 'desk' })
  room!.ordered('CA1', 60_000)
  expect(rooms.isFull).toBe(true)
}

describe('the room of a call that rings', () => {
  it('is free when the carrier tells another node that nobody answers', async () => {
    const fleet = twoNodes()
    await ring(fleet)
    fleet.here.outbound.over('CA1')
    await expect.poll(() => fleet.rooms.isFull).toBe(false)
  })

  it('is free when the call has come to another node, and stays when it has come to this one', async () => {
    const fleet = twoNodes()
    await ring(fleet)
    fleet.tell({ type: 'began', call: { ...CALL, state: 'running' } })
    expect(fleet.rooms.isFull).toBe(true)
    fleet.tell({ type: 'began', call: { ...CALL, node: 'here', state: 'running' } })
    expect(fleet.rooms.isFull).toBe(false)
  })

  it('is not asked for at a node where the call runs already', async () => {
    const fleet = twoNodes()
    await ring(fleet)
    fleet.calls[0] = { ...CALL, state: 'running' }
    fleet.here.outbound.over('CA1')
    await Promise.resolve()
    expect(fleet.rooms.isFull).toBe(true)
  })
})
