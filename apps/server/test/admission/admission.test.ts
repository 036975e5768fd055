import { type CallPlace, type CallRefusal } from '@kav/core'
import { createFakeClock, testContext } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAdmission, type Limits } from '../../src/admission/admission.ts'
import {
  type CallRoom,
  type CallRooms,
  createCallRooms,
  type RingingRoom,
} from '../../src/admission/call-rooms.ts'
import { createRingingCalls, ringingRooms } from '../../src/admission/ringing-calls.ts'

const LIMITS: Limits = {
  max_calls: 2,
  max_event_loop_lag_ms: 50,
  when_full: 'refuse',
  when_draining: 'elsewhere',
}

function opened(limits: Partial<Limits> = {}, given?: CallRooms) {
  const time = createFakeClock()
  const { log, metrics } = testContext()
  let second = (_p90Ms: number): void => undefined
  const admission = createAdmission({
    limits: { ...LIMITS, ...limits },
    rooms:
      given ??
      ringingRooms(
        createCallRooms(() => limits.max_calls ?? LIMITS.max_calls),
        createRingingCalls(time.clock, () => undefined),
      ),
    lag: {
      onSecond(listener) {
        second = listener
        return () => (second = () => undefined)
      },
    },
    clock: time.clock,
    log,
    metrics,
  })
  return { admission, time, log, metrics, second: (p90Ms: number) => second(p90Ms) }
}

const CALL = { id: 'CA1' }
const isPlace = (answer: CallPlace | CallRefusal): answer is CallPlace => !('refused' in answer)

describe('room for calls', () => {
  it('is counted from the promise on, and a call that comes takes its own', async () => {
    const { admission } = opened()
    const [one, two] = [await admission.admit(CALL, 1000), await admission.admit(CALL, 1000)]
    expect([isPlace(one), isPlace(two)]).toEqual([true, true])
    expect(await admission.admit(CALL, 1000)).toEqual({ refused: 'full', instead: { how: 'refuse' } })
    admission.taken(one as CallPlace, CALL)
    expect(admission.refusing).toBe('full')
    admission.ended(one as CallPlace)
    admission.ended(one as CallPlace)
    expect(isPlace(await admission.admit(CALL, 1000))).toBe(true)
  })

  it('is free again when the promised call was called off or has not come in time', async () => {
    const { admission, time, metrics } = opened()
    const place = (await admission.admit(CALL, 1000)) as CallPlace
    await admission.admit(CALL, 1000)
    place.release()
    place.release()
    expect(admission.promised).toBe(1)
    await time.advance(1000)
    expect(admission.refusing).toBeUndefined()
    expect(admission.promised).toBe(0)
    expect(metrics.value('call_promises_expired_total')).toBe(1)
  })

  it('is taken by a call that comes after its time, too', async () => {
    const { admission, time } = opened({ max_calls: 1 })
    const place = (await admission.admit(CALL, 1000)) as CallPlace
    await time.advance(1000)
    expect(admission.refusing).toBeUndefined()
    admission.taken(place, CALL)
    expect(admission.refusing).toBe('full')
    admission.ended(place)
    expect(admission.refusing).toBeUndefined()
  })

  it('of others is passed on by a process that drains, once nothing is left that it promised itself', async () => {
    const { admission, time } = opened()
    await admission.admit(CALL, 1000)
    expect(admission.passesOn).toBe(false)
    admission.drain()
    expect(admission.passesOn).toBe(false)
    await time.advance(1000)
    expect(admission.passesOn).toBe(true)
  })

  it('of others is taken by a process that drains where no balancer is', () => {
    const { admission } = opened({ when_draining: 'refuse' })
    admission.drain()
    expect(admission.passesOn).toBe(false)
  })

  it('is for everybody without a limit', async () => {
    const { admission } = opened({ max_calls: 0 })
    for (let call = 0; call < 500; call++) expect(isPlace(await admission.admit(CALL, 1000))).toBe(true)
  })

  it('is never given to more than there is room for, whatever comes and goes', async () => {
    const step = fc.constantFrom('ring', 'come', 'call off', 'end', 'time', 'promised elsewhere')
    const most = fc.integer({ min: 1, max: 4 })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), most, async (steps, most) => {
        const { admission } = opened({ max_calls: most })
        const [promised, running]: [CallPlace[], CallPlace[]] = [[], []]
        const come = (place: CallPlace): void => {
          admission.taken(place, CALL)
          running.push(place)
        }
        let fromElsewhere = 0
        for (const what of steps) {
          if (what === 'ring') {
            const used = running.length + promised.length
            const answer = await admission.admit(CALL, 1000)
            expect(isPlace(answer)).toBe(used < most)
            if (isPlace(answer)) promised.push(answer)
          }
          if (what === 'come' && promised.length > 0) come(promised.shift()!)
          if (what === 'promised elsewhere') {
            come(admission.admitPromised(CALL))
            fromElsewhere++
          }
          if (what === 'call off') promised.pop()?.release()
          if (what === 'end' && running.length > 0) admission.ended(running.pop()!)
          expect(admission.promised).toBe(promised.length)
          expect(running.length + promised.length).toBeLessThanOrEqual(most + fromElsewhere)
        }
      }),
    )
  })
})

describe('what a caller gets instead', () => {
  it('is what the limits say for each reason', async () => {
    const forward = opened({ max_calls: 1, when_full: 'forward', forward_to: '+15550001234' })
    await forward.admission.admit(CALL, 1000)
    expect(await forward.admission.admit(CALL, 1000)).toEqual({
      refused: 'full',
      instead: { how: 'forward', to: '+15550001234' },
    })
    forward.admission.drain()
    expect(await forward.admission.admit(CALL, 1000)).toEqual({
      refused: 'draining',
      instead: { how: 'elsewhere' },
    })
    expect(forward.metrics.value('calls_refused_total', { reason: 'full', instead: 'forward' })).toBe(1)
  })
})

describe('room for a call that is placed', () => {
  it('is refused for the same reasons, and is whose answers it', async () => {
    const { admission, time } = opened({ max_calls: 1 })
    const ring = (await admission.ring({ ...CALL, pipeline: 'desk' })) as RingingRoom
    expect(await admission.ring({ ...CALL, pipeline: 'desk' })).toEqual({ refused: 'full' })
    ring.ordered('CA2', 30_000)
    expect(await admission.admit(CALL, 1000)).toMatchObject({ refused: 'full' })
    // Answered: it has its room, and nothing is left that would give it up.
    const place = (await admission.admit({ id: 'CA2', pipeline: 'desk' }, 1000)) as CallPlace
    admission.taken(place, { id: 'CA2' })
    await time.advance(60_000)
    expect(admission.free).toBe(0)
    admission.ended(place)
    expect(admission.free).toBe(1)
    admission.drain()
    expect(await admission.ring({ ...CALL, pipeline: 'desk' })).toEqual({ refused: 'draining' })
  })
})

describe('a process that is late', () => {
  it('refuses new calls, says so once, and takes them again', async () => {
    const { admission, log, metrics, second } = opened()
    for (const ms of [60, 60, 60, 60]) second(ms)
    expect(await admission.admit(CALL, 1000)).toEqual({ refused: 'overloaded', instead: { how: 'refuse' } })
    expect(metrics.value('refusing_calls', { reason: 'overloaded' })).toBe(1)
    for (const ms of [0, 0, 0, 0, 0]) second(ms)
    expect(isPlace(await admission.admit(CALL, 1000))).toBe(true)
    expect(metrics.value('refusing_calls', { reason: 'overloaded' })).toBe(0)
    expect(log.find('ADMISSION: no new calls')).toHaveLength(1)
    expect(log.find('ADMISSION: calls are taken again')).toHaveLength(1)
  })
})

describe('draining', () => {
  it('waits for promised calls, until the last has come or the time is up', async () => {
    const { admission, time } = opened()
    const [one, two] = [await admission.admit(CALL, 60_000), await admission.admit(CALL, 60_000)] as [
      CallPlace,
      CallPlace,
    ]
    admission.drain()
    let waited = 0
    // Who closes what was replaced, and who ends the process.
    const waits = [1, 2].map(() => admission.noneAwaited(10_000).then(() => waited++))
    admission.taken(one, CALL)
    await time.settle()
    expect(waited).toBe(0)
    two.release()
    await time.settle()
    expect(waited).toBe(2)
    await Promise.all(waits)
    expect(time.pending()).toBe(0)
  })

  it('waits for a call whose room is still asked for elsewhere', async () => {
    let answer = (_room: CallRoom | undefined): void => undefined
    const asked = new Promise<CallRoom | undefined>((resolve) => (answer = resolve))
    const rooms = {
      isFull: false,
      free: undefined,
      claim: () => asked,
      adopt: () => room,
      ring: async () => undefined,
    }
    const room: CallRoom = { taken: () => undefined, release: () => released++ }
    let released = 0
    const { admission, time } = opened({}, rooms)
    const admitted = admission.admit(CALL, 60_000)
    const wait = admission.noneAwaited(10_000)
    answer(room)
    expect(isPlace(await admitted)).toBe(true)
    await time.advance(10_000)
    await wait
    expect(released).toBe(1)
  })

  it('is over as soon as a room that was asked for elsewhere is refused, or called off', async () => {
    for (const isThere of [false, true]) {
      const room: CallRoom = { taken: () => undefined, release: () => undefined }
      let answer = (_room: CallRoom | undefined): void => undefined
      const asked = new Promise<CallRoom | undefined>((resolve) => (answer = resolve))
      const rooms = { isFull: false, claim: () => asked, adopt: () => room, ring: async () => undefined }
      const { admission, time } = opened({}, rooms)
      const admitted = admission.admit(CALL, 60_000)
      let waited = false
      void admission.noneAwaited(10_000).then(() => (waited = true))
      answer(isThere ? room : undefined)
      const place = await admitted
      await time.settle()
      expect([isThere, waited]).toEqual([isThere, !isThere])
      if (isPlace(place)) place.release()
      await time.settle()
      expect([isThere, waited]).toEqual([isThere, true])
    }
  })

  it('waits no longer than it is told to, and gives the places of who has not come to who is next', async () => {
    const { admission, time, metrics } = opened()
    const place = (await admission.admit(CALL, 60_000)) as CallPlace
    const wait = admission.noneAwaited(10_000)
    expect(admission.free).toBe(1)
    await time.advance(10_000)
    await wait
    expect([admission.promised, admission.free]).toEqual([0, 2])
    expect(metrics.value('call_promises_expired_total')).toBe(1)
    admission.taken(place, CALL)
    expect(admission.free).toBe(1)
  })
})
