import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Clock } from '../../../src/index.ts'
import type { FrameClock } from '../../../src/host.ts'
import type { Alarm } from '../../../src/pipeline/frame-clock.ts'
import { createTestMetrics } from '../../../src/testing/index.ts'
import { type CallHost, createCallHost, createCallRig } from '../call-rig.ts'
import { createSceneTools, NEXT_REPLY, type Scene, SCENE_MS, SCENES } from './sweep-scenes.ts'
import { faults } from './watched-queue.ts'
import { CLEAR, expectOneVoiceAtATime, OTHER, type WireRun, wireRuns } from './wire-voices.ts'

vi.mock(import('../../../src/pipeline/speaking/frame-queue.ts'), async (original) => {
  const { watchQueue } = await import('./watched-queue.ts')
  const real = await original()
  return { ...real, createFrameQueue: watchQueue(real.createFrameQueue) }
})

type Rig = ReturnType<typeof createCallRig>
type Disturb = (rig: Rig) => void

const DISTURBANCES: Readonly<Record<string, Disturb>> = {
  'hung up': (rig) => rig.far.hangUp(),
  interrupted: (rig) => rig.far.dtmf('5'),
  replaced(rig) {
    rig.far.dtmf('#')
    const model = rig.realtime?.sessions[0]
    if (model && !model.finished && !model.closed) model.answer('go on', { text: NEXT_REPLY, audioMs: 200 })
  },
}

const rejections: unknown[] = []
const note = (reason: unknown): void => void rejections.push(reason)
process.on('unhandledRejection', note)
afterAll(() => void process.off('unhandledRejection', note))

/** The host as one call sees it: told after everything that happens to this call by the clock. */
function hostOf(host: CallHost, onStep: () => void): CallHost {
  const after: Clock['after'] = (delayMs, callback) =>
    host.time.clock.after(delayMs, () => {
      callback()
      onStep()
    })
  const frameClock: FrameClock = {
    join(onError) {
      const seat = host.frameClock.join(onError)
      return { ...seat, rx: stepped(seat.rx), tx: stepped(seat.tx), deadline: stepped(seat.deadline) }
    },
    get members() {
      return host.frameClock.members
    },
  }
  function stepped(alarm: Alarm): Alarm {
    return {
      at: (dueUs) => alarm.at(dueUs),
      never: () => alarm.never(),
      wakes: (sleeper) =>
        alarm.wakes({
          onDue(nowUs) {
            sleeper.onDue(nowUs)
            onStep()
          },
        }),
    }
  }
  return { ...host, time: { ...host.time, clock: { ...host.time.clock, after } }, frameClock }
}

/** Calls of the same scene side by side: each is disturbed after another of its steps. */
async function playScene(scene: Scene, disturbAfter: readonly number[], disturb: Disturb) {
  const host = createCallHost()
  const { clock } = host.time
  const kit =
    scene.toolsMs === undefined
      ? undefined
      : createSceneTools(scene.toolsMs, { clock, metrics: createTestMetrics() })
  const tools = kit && { tools: () => kit }
  const calls = disturbAfter.map((at) => {
    const call = { at, steps: 0, rig: undefined as unknown as Rig }
    const onStep = (): void => {
      if (++call.steps === at) disturb(call.rig)
    }
    call.rig = createCallRig(
      { ...scene.options, ...tools, call: { id: `CA${at}`, returnMs: 20 } },
      hostOf(host, onStep),
    )
    return call
  })
  const sessions = calls.map(({ rig }) => rig.start())
  for (let ms = 0; ms < SCENE_MS; ms += 20) {
    for (const { rig } of calls) {
      rig.media(scene.voicedAt(ms))
      if (ms === scene.finalAtMs) question(rig)
    }
    await host.time.advance(20)
  }
  const steps = Math.max(...calls.map((call) => call.steps))
  for (const { rig } of calls) rig.far.hangUp()
  await host.time.advance(12_000)
  await Promise.all(sessions.map((session) => session.done))
  expect(host.time.pending()).toBe(0)
  expect(host.frameClock.members).toBe(0)
  return {
    calls,
    steps,
    counters: await Promise.all(sessions.map(async ({ done }) => (await done).counters)),
  }
}

function question(rig: Rig): void {
  const model = rig.realtime?.sessions[0]
  if (!model) rig.stt.sessions.at(-1)?.emit({ type: 'final', text: 'what is the time' })
  else if (!model.finished && !model.closed) {
    model.speechStarted(400)
    model.speechStopped('what is the time', 100)
  }
}

/** A model's own audio tells how far into its item it is: it goes on, or begins anew. */
function expectItemsInOrder(rig: Rig, at: string): void {
  let last: number | undefined
  for (const each of rig.far.sent) {
    if (each.kind === 'mark') continue
    const value =
      each.kind === 'frame' && each.bytes.every((byte) => byte === each.bytes[0]) ? each.bytes[0]! : 255
    if (value > 120) last = undefined
    else {
      expect(value === 1 || (last !== undefined && value === last + 1), `${at}: ${last} then ${value}`).toBe(
        true,
      )
      last = value
    }
  }
}

function expectHeardOnce(rig: Rig, { replies }: Scene, at: string): void {
  const told = [...rig.of('interrupted'), ...rig.of('reply_ended')].filter(
    ({ private: text }) => text['heard'] !== undefined,
  )
  const turns = told.map(({ fields }) => fields['turn'])
  expect(new Set(turns).size, `${at}: ${JSON.stringify(turns)}`).toBe(turns.length)
  for (const { private: text } of told) {
    const heard = String(text['heard'])
    expect(
      replies.some((reply) => reply.startsWith(heard)),
      `${at}: heard ${heard}`,
    ).toBe(true)
  }
}

beforeEach(() => {
  faults.spins = 0
  faults.writesAfterEnd = 0
  faults.unsettled.clear()
  rejections.length = 0
})

describe.each(Object.entries(SCENES))('%s', (_name, scene) => {
  let steps = 0

  it('does what it is for when nobody disturbs it', async () => {
    const undisturbed = await playScene(scene, [0], () => undefined)
    const [alone] = undisturbed.calls
    steps = undisturbed.steps
    expect(steps).toBeGreaterThan(40)
    expect(alone!.rig.names()).toEqual(expect.arrayContaining([...scene.events]))
  })

  it.each(Object.entries(DISTURBANCES))(
    '%s at any step is one voice at a time, and comes to an end',
    async (_how, disturb) => {
      const every = Array.from({ length: steps }, (_, index) => index + 1)
      const { calls, counters } = await playScene(scene, every, disturb)
      for (const [index, { at, rig }] of calls.entries()) {
        const when = `after step ${at} of ${steps}`
        expect(rig.of('stage_failed'), when).toEqual([])
        expect(rig.far.ignored, when).toBe(0)
        expect(counters[index]!['floor_taken_over'], when).toBe(0)
        if (scene.texts) expectOneVoiceAtATime(wireRuns(rig.far.sent, scene.texts), when)
        if (rig.realtime) expectItemsInOrder(rig, when)
        expectHeardOnce(rig, scene, when)
      }
      expect({ ...faults, unsettled: faults.unsettled.size, rejections }).toEqual({
        spins: 0,
        writesAfterEnd: 0,
        unsettled: 0,
        rejections: [],
      })
    },
    60_000,
  )
})

it('the sweep can tell: two voices that alternate are found', () => {
  const alternating: WireRun[] = [
    ['aa', 1],
    ['bb', 2],
    ['aa', 1],
  ]
  expect(() => expectOneVoiceAtATime(alternating)).toThrow()
  expectOneVoiceAtATime([...alternating.slice(0, 2), [CLEAR, 1], ['aa', 1]])
  expectOneVoiceAtATime([
    ['aa', 2],
    [OTHER, 3],
    ['aa', 2],
  ])
})
