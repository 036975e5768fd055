import { afterAll, describe, expect, it } from 'vitest'
import type { RealtimeSession } from '../../../src/contracts/index.ts'
import { createCallRig } from '../call-rig.ts'

const rejections: unknown[] = []
const note = (reason: unknown): void => void rejections.push(reason)
process.on('unhandledRejection', note)
afterAll(() => void process.off('unhandledRejection', note))

const METHODS = ['write', 'interrupt', 'endTurn', 'toolResult', 'say', 'finish', 'close'] as const
const WAYS: Readonly<Record<string, () => never>> = {
  throws: () => {
    throw new Error('plugin bug')
  },
  rejects: () => Promise.reject(new Error('plugin bug')) as never,
}

/** A call in which every method of its session is used. */
function busyCall(broken: Partial<RealtimeSession>) {
  const idle = { afterMs: 4000, prompts: ['Still there?'], farewell: '' }
  const rig = createCallRig({
    settings: { conversation: { greeting: '', idle } },
    realtime: {
      detectsTurns: false,
      replies: [
        { text: 'Let me see.', toolCalls: [{ id: 'x', name: 'nope', arguments: '{}' }] },
        { text: 'There is no such thing, as far as I can tell, and that is all there is to say about it.' },
      ],
    },
  })
  const { provider } = rig.realtime!
  const { openSession } = provider
  provider.openSession = async (options) => ({ ...(await openSession(options)), ...broken })
  return rig
}

async function play(rig: ReturnType<typeof busyCall>): Promise<void> {
  await rig.silence(200)
  await rig.speak(600)
  await rig.silence(2500)
  await rig.speak(600)
  await rig.silence(9000)
}

describe('a method of a speech-to-speech session', () => {
  it('is each used by the call of this test', async () => {
    const used = new Set<string>()
    const rig = busyCall({})
    const { provider } = rig.realtime!
    const { openSession } = provider
    provider.openSession = async (options) => {
      const session = await openSession(options)
      return Object.fromEntries(
        Object.entries(session).map(([name, value]: [string, unknown]) => [
          name,
          typeof value === 'function'
            ? (...args: unknown[]): unknown => {
                used.add(name)
                return (value as (...given: unknown[]) => unknown)(...args)
              }
            : value,
        ]),
      ) as unknown as RealtimeSession
    }
    rig.start()
    await play(rig)
    await rig.end()
    expect([...used].sort()).toEqual([...METHODS].sort())
  })

  const cases = METHODS.flatMap((method) => Object.keys(WAYS).map((way) => [method, way] as const))

  it.each(cases)('%s that %s ends its own call at the most', async (method, way) => {
    const rig = busyCall({ [method]: WAYS[way] })
    const session = rig.start()
    await play(rig)
    await rig.end()
    const { endedBy } = await session.done
    if (method === 'finish' || method === 'close') expect(endedBy).toBe('caller')
    else expect(endedBy).toBe('failure')
    const failures = rig.of('stage_failed').map((event) => ({ ...event.fields, ...event.private }))
    if (endedBy === 'failure')
      expect(failures[0]).toEqual({ stage: 'realtime', error: 'fake: session: plugin bug' })
    expect(failures.length).toBeLessThanOrEqual(1)
    expect(rejections).toEqual([])
    expect(rig.time.pending()).toBe(0)
  })
})
