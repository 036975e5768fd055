import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { connect } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { signedCertificates } from './signed-certificate.ts'
import { type NatsServer, startNatsServer, withNatsServer } from './nats-server.ts'
import {
  beat,
  counted,
  inTime,
  inTouch,
  listed,
  offered,
  openNode,
  openNodes,
  still,
  type TestNode,
} from './test-fleet.ts'

const LIMITS = { maxCalls: 10, maxCallsOfNumber: 0 }
const DAY_MS = 86_400_000

describe.runIf(withNatsServer('server faults'))('whatever becomes of the server', () => {
  let server: NatsServer
  let nodes: TestNode[] = []
  afterEach(async () => {
    server.resume()
    await Promise.all(nodes.splice(0).map((node) => node.close()))
    await server.close()
  })

  /** Two nodes with a call each. */
  async function twoCalls(args: readonly string[] = []): Promise<[TestNode, TestNode]> {
    server = await startNatsServer(args)
    nodes = await openNodes(server.url, 'faults', ['one', 'two'])
    const [one, two] = nodes as [TestNode, TestNode]
    one.directory.add(offered('CA1'))
    two.directory.add(offered('CA2'))
    await still(() => nodes.every((node) => listed(node) === 'CA1 CA2'))
    await beat(nodes)
    return [one, two]
  }

  const disturbed = (): string[] =>
    nodes.flatMap(({ events }) => events).filter((event) => !event.startsWith('began'))

  it('killed and started again: no call is lost or told twice, places are given, and all is as it was', async () => {
    const [one, two] = await twoCalls()
    const ending = two.directory.add(offered('CA9'))
    await still(() => listed(one) === 'CA1 CA2 CA9')
    expect(await one.directory.once('before', 3_600_000)).toBe(true)
    await beat(nodes)
    await server.kill()
    await still(() => nodes.every(({ directory }) => !directory.state().connected))
    ending.release()
    expect(listed(one)).toBe('CA1 CA2 CA9')
    const place = await one.directory.claim(offered('CA3'), LIMITS)
    if ('refused' in place) throw new Error('refused')
    place.running()
    await server.restart()
    await inTime(nodes, () => nodes.every(({ directory }) => directory.state().connected))
    await inTouch(nodes)
    await inTime(nodes, () => nodes.every((node) => listed(node) === 'CA1 CA2 CA3'))
    // The one call that ended is told so, at each node once, and nothing else.
    expect(disturbed()).toEqual(['ended CA9', 'ended CA9'])
    expect(one.events).toEqual(['began CA1', 'began CA2', 'began CA9', 'began CA3', 'ended CA9'])
    expect(await two.directory.once('before', 3_600_000)).toBe(false)
    expect(await two.directory.claim(offered('CA4'), { ...LIMITS, maxCalls: 3 })).toHaveProperty('refused')
    place.release()
    await still(() => listed(two) === 'CA1 CA2')
  })

  it('standing still: nobody waits longer than a quarter of a second, then nobody waits, and nobody is lost', async () => {
    const [one, two] = await twoCalls()
    server.pause()
    const claimed = one.directory.claim(offered('CA3'), LIMITS)
    await one.fake.advance(249)
    expect(counted(one, 'directory_decided_alone_total')).toBe(0)
    await one.fake.advance(1)
    expect(await claimed).not.toHaveProperty('refused')
    expect(counted(one, 'directory_decided_alone_total', { what: 'claim' })).toBe(1)
    // Answered at once: no time passes on its clock.
    expect(await one.directory.claim(offered('CA4'), LIMITS)).not.toHaveProperty('refused')
    expect(await one.directory.once('token', 1000)).toBe(true)
    for (const { fake } of nodes) await fake.advance(600_000)
    expect(nodes.map(listed)).toEqual(['CA1 CA2 CA3 CA4', 'CA1 CA2'])
    server.resume()
    await inTime(nodes, () => nodes.every((node) => listed(node) === 'CA1 CA2 CA3 CA4'))
    await inTime(nodes, () => nodes.every(({ directory }) => directory.state().connected))
    await inTouch(nodes)
    expect(disturbed()).toEqual([])
    expect(await two.directory.claim(offered('CA5'), { ...LIMITS, maxCalls: 4 })).toHaveProperty('refused')
  })

  it('its bucket deleted under way: the nodes fill the new one', async () => {
    await twoCalls()
    const connection = await connect({ servers: server.url })
    await (await jetstreamManager(connection)).streams.delete('KV_kav_faults_calls')
    await connection.close()
    await inTime(nodes, () => nodes.every((node) => counted(node, 'directory_sessions_ended_total') > 0))
    await inTime(nodes, () => nodes.every(({ directory }) => directory.state().connected))
    await inTouch(nodes)
    const late = openNode({ servers: server.url, node: 'late', fleet: 'faults' })
    nodes.push(late)
    await still(() => listed(late) === 'CA1 CA2')
    expect(disturbed()).toEqual([])
  })

  it('without its memory, and with more calls than are written at once: none is told as ended', async () => {
    const [one, two] = await twoCalls()
    for (let call = 0; call < 300; call++) one.directory.add(offered(`CB${call}`))
    await still(() => two.directory.state().running === 302)
    await beat(nodes)
    await server.restart()
    await inTime(nodes, () => nodes.every((node) => counted(node, 'directory_sessions_ended_total') > 0))
    await inTime(nodes, () => nodes.every(({ directory }) => directory.state().connected))
    await beat(nodes, 3)
    const late = openNode({ servers: server.url, node: 'late', fleet: 'faults' })
    nodes.push(late)
    await still(() => late.directory.state().running === 302)
    expect(disturbed()).toEqual([])
    expect(nodes.map(({ directory }) => directory.state().running)).toEqual([302, 302, 302])
  })

  it('not there at the start: a node takes calls, and tells of them when it comes', async () => {
    server = await startNatsServer()
    await server.kill()
    const first = openNode({ servers: server.url, node: 'first', fleet: 'late' })
    nodes.push(first)
    expect(await first.directory.claim(offered('CA1'), LIMITS)).not.toHaveProperty('refused')
    expect(await first.directory.claim(offered('CA2'), { ...LIMITS, maxCalls: 1 })).toHaveProperty('refused')
    await server.restart()
    await inTime(nodes, () => first.directory.state().connected)
    const second = openNode({ servers: server.url, node: 'second', fleet: 'late' })
    nodes.push(second)
    await still(() => listed(second) === 'CA1')
  })

  it('clocks that jump: nobody is lost, and nothing is remembered shorter or earned sooner', async () => {
    const [one, two] = await twoCalls()
    const pace = { burst: 1, perSecond: 1 }
    expect(await one.directory.once('token', 60_000)).toBe(true)
    expect(await one.directory.pace('AC1', pace)).toEqual({ go: true })
    for (const [ahead, behind] of [
      [DAY_MS, -DAY_MS],
      [-400 * DAY_MS, 400 * DAY_MS],
    ] as const) {
      one.fake.setWallOffsetMs(ahead)
      two.fake.setWallOffsetMs(behind)
      expect(await one.directory.once('token', 60_000)).toBe(false)
      expect(await two.directory.once('token', 60_000)).toBe(false)
      expect(await two.directory.pace('AC1', pace)).toMatchObject({ go: false })
      await beat(nodes, 5)
      expect(nodes.map(listed)).toEqual(['CA1 CA2', 'CA1 CA2'])
      expect(await two.directory.pace('AC1', pace)).toEqual({ go: true })
    }
    const place = await two.directory.claim(offered('CA3'), { ...LIMITS, maxCalls: 3 })
    expect(place).not.toHaveProperty('refused')
    expect(await one.directory.claim(offered('CA4'), { ...LIMITS, maxCalls: 3 })).toHaveProperty('refused')
    expect(disturbed()).toEqual([])
  })

  it('what others write into the bucket is passed over and counted', async () => {
    const [one] = await twoCalls()
    const connection = await connect({ servers: server.url })
    const bucket = await new Kvm(connection).open('kav_faults_calls')
    const odd = ['', '{', 'null', '[]', '{"call":{}}', '{"owner":"x","call":{"id":"other"}}', '\u0000']
    for (const [index, text] of odd.entries()) await bucket.put(`call.CA${index + 1}0`, text)
    for (const key of ['node.x', 'pace.AC1', 'strange', 'call.=zz']) await bucket.put(key, '{"level":"x"}')
    await connection.close()
    await beat(nodes)
    expect(nodes.map(listed)).toEqual(['CA1 CA2', 'CA1 CA2'])
    expect(counted(one, 'directory_unreadable_entries_total')).toBe(odd.length + 2)
    expect(await one.directory.pace('AC1', { burst: 1, perSecond: 1 })).toEqual({ go: true })
  })

  it('what is too large for it, or no JSON, fails alone', async () => {
    const [one, two] = await twoCalls()
    const large = 'x'.repeat(2 << 20)
    two.directory.onCommand(({ name }) => (name === 'read' ? large : 'done'))
    const send = (name: string, payload?: unknown) =>
      one.directory.command({ callId: 'CA2', name, payload }, 5000)
    expect(await send('say', large)).toMatchObject({
      why: 'failed',
      message: expect.stringMatching(/^the command has/),
    })
    expect(await send('read')).toMatchObject({
      why: 'failed',
      message: expect.stringMatching(/^the answer has/),
    })
    expect(await send('say', 1n)).toMatchObject({ why: 'failed' })
    one.directory.tell({ kind: 'call-record', id: 'large', body: large })
    one.directory.tell({ kind: 'call-record', id: 'small', body: {} })
    await still(() => counted(one, 'directory_notices_total', { outcome: 'kept' }) === 1)
    expect(counted(one, 'directory_notices_total', { outcome: 'too-large' })).toBe(1)
    expect(await send('say')).toEqual({ answered: true, answer: 'done' })
    expect(nodes.map(({ directory }) => directory.state().connected)).toEqual([true, true])
  })

  it('a call that runs on two nodes is told, and is not written back and forth', async () => {
    const [one, two] = await twoCalls()
    two.directory.add(offered('CA1'))
    await still(() => nodes.some((node) => counted(node, 'directory_contested_calls_total') > 0))
    await beat(nodes, 3)
    expect(counted(one, 'directory_contested_calls_total')).toBe(1)
    expect(one.directory.find('CA1')).toMatchObject({ node: 'one' })
  })

  /** By name: the client does not hold an address against a certificate. */
  const byName = ({ url }: NatsServer, account = ''): string =>
    url.replace('nats://127.0.0.1', `tls://${account}localhost`)
  const told = ({ context }: TestNode): string => JSON.stringify(context.log.entries)
  const allTold = (some: readonly TestNode[]): boolean =>
    some.every(({ context }) => context.log.entries.length > 0)

  describe('by TLS', () => {
    let folder: string
    let signed: ReturnType<typeof signedCertificates>
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'kav-nats-tls-'))
      signed = signedCertificates(folder)
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    it('and with a password: who knows its authority connects, and who does not is told why', async () => {
      server = await startNatsServer(['--user', 'kav', '--pass', 'pa55', ...signed.args()])
      const servers = byName(server, 'kav:pa55@')
      const tls = async () => ({ authority: signed.authority })
      const right = openNode({ servers, node: 'right', fleet: 'tls', tls })
      const strange = openNode({ servers, node: 'strange', fleet: 'tls' })
      const wrong = openNode({ servers: servers.replace('pa55', 'n0t'), node: 'wrong', fleet: 'tls', tls })
      nodes.push(right, strange, wrong)
      right.directory.add(offered('CA1'))
      await still(() => right.directory.state().connected && allTold([strange, wrong]))
      expect(told(strange)).toMatch(/certificate.*not reached/)
      expect(told(wrong)).toMatch(/Authorization.*not reached/)
      expect(nodes.map(({ directory }) => directory.state().connected)).toEqual([true, false, false])
    })

    it('where the server asks who comes: a certificate of its authority is let in, no other one and none', async () => {
      server = await startNatsServer(signed.args('verify'))
      const { authority, client, stranger } = signed
      const open = (node: string, own: { certificate?: string; key?: string } | (() => never)) =>
        openNode({
          ...{ servers: byName(server!), node, fleet: 'tls' },
          tls: async () => ({ authority, ...(typeof own === 'function' ? own() : own) }),
        })
      const shown = { ...stranger }
      const [right, none, late] = [open('right', client), open('none', {}), open('late', shown)]
      const unread = open('unread', () => {
        throw new Error('KAV_DIRECTORY_KEY cannot be read')
      })
      nodes.push(right, none, late, unread)
      await still(() => right.directory.state().connected && allTold([none, late, unread]))
      // Where the server closes first, its word about the certificate is lost on the way.
      const why = /"reason":"[^":]*(certificate|authority|ECONNRESET)[^":]*"/
      for (const one of [none, late]) expect(told(one)).toMatch(why)
      expect(told(unread)).toContain('KAV_DIRECTORY_KEY cannot be read')
      expect(told(right) + told(late)).not.toContain('PRIVATE KEY')
      // The file was replaced: the next connection takes what is there then.
      Object.assign(shown, client)
      await inTime([late], () => late.directory.state().connected)
      expect([none, unread].map(({ directory }) => directory.state().connected)).toEqual([false, false])
    })
  })

  it('with a password: a wrong one is told without it, a right one connects', async () => {
    server = await startNatsServer(['--user', 'kav', '--pass', 'pa55 w0rd'])
    const address = (pass: string) => server.url.replace('//', `//kav:${encodeURIComponent(pass)}@`)
    const wrong = openNode({ servers: address('n0t th1s'), node: 'wrong', fleet: 'faults' })
    const right = openNode({ servers: address('pa55 w0rd'), node: 'right', fleet: 'faults' })
    nodes.push(wrong, right)
    await still(() => right.directory.state().connected && wrong.context.log.entries.length > 0)
    const log = JSON.stringify([...wrong.context.log.entries, ...right.context.log.entries])
    expect(log).toMatch(/not reached.*connected/)
    expect(log).not.toMatch(/n0t|pa55|w0rd|kav:/)
  })
})
