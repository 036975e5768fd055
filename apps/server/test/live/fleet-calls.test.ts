import { systemClock } from '../../src/system-clock.ts'
import type { CallDirectory, CommandHandler, FleetCall } from '@kav/core'
import { describe, expect, it } from 'vitest'
import type { CallCommand, CallCommandAnswer, CallHost } from '../../src/live/call-command.ts'
import { createCallsAccess, ownHostOf } from '../../src/live/calls-access.ts'
import { answerNodes } from '../../src/live/fleet-call-host.ts'
import type { HeardFrame } from '../../src/live/live-call.ts'

const CALL: FleetCall = { id: 'CA1', pipeline: 'desk', node: 'there', state: 'running', sinceMs: 0 }

/** Two nodes on a bus that carries JSON. */
function createFleet() {
  const calls = [CALL]
  let handler: CommandHandler | undefined
  const shared = {
    list: () => calls,
    find: (id: string) => calls.find((call) => call.id === id),
    async command(command: Parameters<CommandHandler>[0]) {
      if (!calls.some(({ id }) => id === command.callId))
        return { answered: false, why: 'unknown-call', message: 'nobody has it' } as const
      const answer: unknown = await handler!(JSON.parse(JSON.stringify(command)) as typeof command)
      return { answered: true, answer: JSON.parse(JSON.stringify(answer)) as unknown } as const
    },
    onCommand: (one: CommandHandler) => void (handler = one),
  }
  return {
    calls,
    here: { ...shared, node: 'here' } as unknown as CallDirectory,
    there: { ...shared, node: 'there' } as unknown as CallDirectory,
  }
}

/** A process of the other node. */
function createHost(answers: Partial<Record<CallCommand['name'], (command: CallCommand) => unknown>>) {
  const asked: CallCommand[] = []
  const host: CallHost = {
    async ask(command): Promise<CallCommandAnswer> {
      asked.push(command)
      const answer = answers[command.name]
      if (answer === undefined) return { done: false, why: 'cannot-do', message: 'not that' }
      return { done: true, value: answer(command) }
    },
  }
  return { host, asked }
}

describe('a call on another node', () => {
  it('is listed by what the directory knows, and steered and heard over the bus', async () => {
    const fleet = createFleet()
    const frame: HeardFrame = { type: 'audio', side: 'agent', bytes: Uint8Array.from([1, 2, 255]) }
    let pulls = 0
    const { host, asked } = createHost({
      has: () => true,
      act: () => null,
      listen: () => ({ watch: 7 }),
      pull: () => ({ news: [frame], over: ++pulls === 2 }),
    })
    answerNodes(fleet.there, async (id) => (await ownHostOf([host], id, systemClock)).host)
    const access = createCallsAccess({ hosts: () => [], directory: fleet.here, clock: systemClock })
    expect(await access.list()).toEqual([
      {
        id: 'CA1',
        pipeline: 'desk',
        node: 'there',
        direction: 'in',
        startedAt: '1970-01-01T00:00:00.000Z',
        state: 'running',
      },
    ])
    await access.act('CA1', { type: 'say', text: 'שלום' }, 'Dana')
    expect(asked.at(-1)).toEqual({
      name: 'act',
      ask: { id: 'CA1', action: { type: 'say', text: 'שלום' }, by: 'Dana' },
    })
    const heard: unknown[] = []
    for await (const news of await access.listen('CA1', 'Dana')) heard.push(...news)
    expect(heard.map((one) => [...(one as HeardFrame).bytes])).toEqual([
      [1, 2, 255],
      [1, 2, 255],
    ])
  })

  it('is refused in the other node’s words, and unknown once nobody has it', async () => {
    const fleet = createFleet()
    const { host } = createHost({ has: () => true })
    answerNodes(fleet.there, async (id) => (await ownHostOf([host], id, systemClock)).host)
    const access = createCallsAccess({ hosts: () => [], directory: fleet.here, clock: systemClock })
    await expect(access.act('CA1', { type: 'interrupt' }, 'Dana')).rejects.toMatchObject({ why: 'cannot-do' })
    fleet.calls.length = 0
    await expect(access.detail('CA1')).rejects.toMatchObject({ why: 'unknown-call' })
  })
})
