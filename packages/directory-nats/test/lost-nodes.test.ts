import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CuttableWay, openWay } from './cuttable-way.ts'
import { type NatsServer, startNatsServer, withNatsServer } from './nats-server.ts'
import {
  beat,
  counted,
  inTime,
  listed,
  NO_LIMITS,
  openNode,
  offered,
  openNodes,
  still,
  type TestNode,
} from './test-fleet.ts'

const FIVE = { maxCalls: 5, maxCallsOfNumber: 0 }

describe.runIf(withNatsServer('lost nodes'))('a node that is cut off', () => {
  let server: NatsServer
  let way: CuttableWay
  let here: TestNode
  let there: TestNode
  let fleets = 0
  beforeAll(async () => void (server = await startNatsServer()))
  afterAll(() => server.close())

  /** `there` reaches the server by a way that can be cut. */
  async function twoNodes(): Promise<void> {
    way = await openWay(server.url)
    const nodes = await openNodes([server.url, way.url], `lost-${++fleets}`, ['here', 'there'])
    ;[here, there] = nodes as [TestNode, TestNode]
  }
  afterEach(async () => {
    await Promise.all([here.close(), there.close()])
    await way.close()
  })

  it('is lost with its calls after four beats of another, and not before', async () => {
    await twoNodes()
    there.directory.add(offered('CA1'))
    await there.directory.claim(offered('CA2'), NO_LIMITS)
    await still(() => listed(here) === 'CA1 CA2')
    // Where the count begins: a beat of the other's behind all that this one has sent so far.
    await beat([there])
    way.freeze()
    await beat([here], 3)
    expect(listed(here)).toBe('CA1 CA2')
    await beat([here])
    expect(listed(here)).toBe('')
    expect(here.events).toEqual(['began CA1', 'lost CA1'])
    expect(here.directory.find('CA1')).toBeUndefined()
    expect(here.directory.state()).toMatchObject({ nodes: 1, running: 0, promised: 0 })
    expect(counted(here, 'directory_calls_lost_total')).toBe(1)
    const outcome = await here.directory.command({ callId: 'CA1', name: 'say' }, 1000)
    expect(outcome).toMatchObject({ answered: false, why: 'node-lost' })
  })

  it('leaves nobody waiting for what it was told to do', async () => {
    await twoNodes()
    there.directory.add(offered('CA1'))
    there.directory.onCommand(() => new Promise(() => undefined))
    await still(() => listed(here) === 'CA1')
    await beat([there])
    const asked = here.directory.command({ callId: 'CA1', name: 'say' }, 60_000)
    way.freeze()
    await beat([here], 4)
    expect(await asked).toEqual({
      answered: false,
      why: 'no-answer',
      message: 'node there is not heard any more; it may have been done',
    })
  })

  it('is told by no node that joins when it is dead', async () => {
    await twoNodes()
    there.directory.add(offered('CA1'))
    await still(() => listed(here) === 'CA1')
    way.freeze()
    await beat([here], 4)
    const late = openNode({ servers: server.url, node: 'late', fleet: `lost-${fleets}` })
    await still(() => late.directory.state().connected)
    // It may live, so it counts; whether it does is not known yet.
    expect(listed(late)).toBe('CA1')
    await beat([late], 4)
    expect(listed(late)).toBe('')
    expect(late.events).toEqual([])
    await late.close()
  })

  it('leaves its places to others, and has its calls again when it is heard', async () => {
    await twoNodes()
    const running = there.directory.add(offered('CA1'))
    await still(() => listed(here) === 'CA1')
    way.freeze()
    await beat([here], 4)
    expect(await here.directory.claim(offered('CA2'), { ...FIVE, maxCalls: 1 })).not.toHaveProperty('refused')
    way.mend()
    await inTime([there], () => listed(here) === 'CA1 CA2' && listed(there) === 'CA1 CA2')
    expect(here.events).toEqual(['began CA1', 'lost CA1', 'found CA1'])
    // One more than the limit runs: none is ended for it, and none is added.
    expect(await here.directory.claim(offered('CA3'), { ...FIVE, maxCalls: 2 })).toHaveProperty('refused')
    running.release()
    await still(() => listed(here) === 'CA2')
  })

  it('goes on by itself: it keeps its calls, loses nobody, and has its share of what was free', async () => {
    await twoNodes()
    here.directory.add(offered('CA1'))
    there.directory.add(offered('CA2'))
    await still(() => listed(here) === 'CA1 CA2' && listed(there) === 'CA1 CA2')
    await beat([here, there])
    way.cut()
    await still(() => !there.directory.state().connected)
    expect(await there.directory.claim(offered('CA3'), FIVE)).not.toHaveProperty('refused')
    expect(await there.directory.claim(offered('CA4'), FIVE)).toEqual({ refused: 'full', by: 'fleet' })
    expect(await there.directory.claim(offered('CA5', '+15550100'), { maxCalls: 0, maxCallsOfNumber: 2 }))
      .not //
      .toHaveProperty('refused')
    expect(counted(there, 'directory_decided_alone_total', { what: 'claim' })).toBe(3)
    await there.fake.advance(60_000)
    expect(listed(there)).toBe('CA1 CA2 CA3 CA5')
    expect(await there.directory.command({ callId: 'CA1', name: 'say' }, 1000)).toMatchObject({
      why: 'cut-off',
    })
    there.directory.onCommand(() => 'said')
    expect(await there.directory.command({ callId: 'CA2', name: 'say' }, 1000)).toMatchObject({
      answer: 'said',
    })
    way.mend()
    await inTime([there], () => there.directory.state().connected)
    await still(() => listed(here) === 'CA1 CA2 CA3 CA5')
    expect(there.events.filter((event) => !event.startsWith('began'))).toEqual([])
  })

  it('has a share of a pace, and tells later what it used once', async () => {
    await twoNodes()
    way.cut()
    await still(() => !there.directory.state().connected)
    expect(await there.directory.once('token', 60_000)).toBe(true)
    expect(await there.directory.once('token', 60_000)).toBe(false)
    const pace = { burst: 2, perSecond: 1 }
    expect(await there.directory.pace('AC1', pace)).toEqual({ go: true })
    expect(await there.directory.pace('AC1', pace)).toEqual({ go: false, retryInMs: 2000 })
    way.mend()
    await inTime([there], () => there.directory.state().connected)
    await inTime([there], () => counted(there, 'directory_once_told_late_total') === 1)
    expect(await here.directory.once('token', 60_000)).toBe(false)
    expect(counted(there, 'directory_once_used_twice_total')).toBe(0)
  })

  it('counts what was used twice meanwhile', async () => {
    await twoNodes()
    way.cut()
    await still(() => !there.directory.state().connected)
    expect(await there.directory.once('token', 60_000)).toBe(true)
    expect(await here.directory.once('token', 60_000)).toBe(true)
    way.mend()
    await inTime([there], () => counted(there, 'directory_once_used_twice_total') === 1)
  })

  it('learns what ended while it heard nothing, and what began', async () => {
    await twoNodes()
    const place = here.directory.add(offered('CA1'))
    await still(() => listed(there) === 'CA1')
    await beat([here, there])
    way.cut()
    await still(() => !there.directory.state().connected)
    place.release()
    here.directory.add(offered('CA2'))
    expect(listed(there)).toBe('CA1')
    way.mend()
    await inTime([there], () => listed(there) === 'CA2')
    expect(there.events).toEqual(['began CA1', 'ended CA1', 'began CA2'])
  })

  it('keeps notices until it is back', async () => {
    await twoNodes()
    way.cut()
    await still(() => !there.directory.state().connected)
    expect(there.directory.tell({ kind: 'call-record', id: 'R1', body: {} })).toBe(true)
    way.mend()
    await inTime([there], () => counted(there, 'directory_notices_total', { outcome: 'kept' }) === 1)
  })
})
