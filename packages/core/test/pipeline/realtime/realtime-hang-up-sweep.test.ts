import { afterAll, expect, it } from 'vitest'
import { ProviderError } from '../../../src/contracts/index.ts'
import { createCallHost, createCallRig } from '../call-rig.ts'

const STEP_MS = 100
const LAST_MS = 7000

const rejections: unknown[] = []
const note = (reason: unknown): void => void rejections.push(reason)
process.on('unhandledRejection', note)
afterAll(() => void process.off('unhandledRejection', note))

/** A question, an interruption with another one, silence again. */
function voicedAt(ms: number): boolean {
  return (ms >= 1300 && ms < 1900) || (ms >= 3600 && ms < 4300)
}

type Model = NonNullable<ReturnType<typeof createCallRig>['realtime']>['sessions'][number]
const HEARS: Readonly<Record<number, (model: Model) => void>> = {
  1500: (model) => model.speechStarted(200),
  2400: (model) => model.speechStopped('what is the time', 500),
  3900: (model) => model.speechStarted(300),
  4800: (model) => model.speechStopped('no wait stop please', 500),
}

function createBusyCall(host: ReturnType<typeof createCallHost>, id: string, hangUpMs: number) {
  return createCallRig(
    {
      call: { id, returnMs: 40, hangUpMs },
      settings: { conversation: { idle: { afterMs: 400, prompts: ['Hm?'], farewell: 'Bye then.' } } },
      realtime: {
        opening: [{ error: new ProviderError('network', 'fake: not yet') }, { afterMs: 350 }],
        replies: [
          { text: 'It is half past two, and there is more to say about that.', afterMs: 150 },
          {
            text: 'Let me see.',
            afterMs: 100,
            toolCalls: [{ id: 'c1', name: 'look', arguments: '{}' }],
          },
          { text: 'Bye.', toolCalls: [{ id: 'c2', name: 'hang_up', arguments: '{}' }] },
        ],
      },
    },
    host,
  )
}

it.each([
  ['the caller', 0],
  ['we', 300],
] as const)(
  'whenever %s hang up, a call with a speech-to-speech model closes and leaves nothing open',
  async (who, hangUpMs) => {
    const host = createCallHost()
    const times = Array.from({ length: LAST_MS / STEP_MS + 1 }, (_, i) => i * STEP_MS)
    const calls = times.map((atMs) => ({ atMs, rig: createBusyCall(host, `CA${atMs}`, hangUpMs) }))
    const sessions = calls.map(({ rig }) => rig.start())
    let done = 0
    for (const session of sessions) void session.done.then(() => done++)

    for (let ms = 0; ms <= LAST_MS; ms += 10) {
      for (const [i, { atMs, rig }] of calls.entries()) {
        if (ms === atMs) {
          if (who === 'we') sessions[i]!.hangUp('shutdown')
          else rig.far.hangUp()
        }
        if (ms % 20 === 0) rig.media(voicedAt(ms))
        const model = rig.realtime!.sessions[0]
        if (model && !model.finished && !model.closed) HEARS[ms]?.(model)
      }
      await host.time.advance(10)
    }
    await host.time.advance(15_000)

    expect(done).toBe(calls.length)
    expect(host.time.pending()).toBe(0)
    expect(host.frameClock.members).toBe(0)
    expect(rejections).toEqual([])
    for (const { atMs, rig } of calls) {
      const at = `hang-up at ${atMs} ms`
      expect(rig.of('call_ended'), at).toHaveLength(1)
      expect(rig.metrics.value('call_events_late_total'), at).toBe(0)
      expect(rig.of('stage_failed'), at).toEqual([])
      expect(rig.far.ignored, at).toBe(0)
      expect(
        rig.realtime!.sessions.every((session) => session.closed),
        at,
      ).toBe(true)
    }
    const names = new Set(calls.flatMap(({ rig }) => rig.names()))
    for (const name of ['greeting_end', 'reply_ended', 'interrupted', 'tool_called', 'turn_latency']) {
      expect(names).toContain(name)
    }
  },
  120_000,
)
