import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProviderError, type SttEvent, type SttSession } from '../../../src/index.ts'
import {
  jsonMessage,
  openSttSocket,
  type SttProtocol,
  type SttSocketOptions,
} from '../../../src/kit/index.ts'
import {
  createFakeClock,
  type LoopbackPeer,
  type LoopbackServer,
  openLoopbackServer,
  testContext,
} from '../../../src/testing/index.ts'

let server: LoopbackServer
beforeEach(async () => {
  server = await openLoopbackServer()
})
afterEach(() => server.close())

/** A recogniser that sends events as they are. */
const plain: SttProtocol = {
  last: '{"last":true}',
  read(message, session) {
    const { event, fault, end, odd } = message as { event?: SttEvent; fault?: string; end?: true; odd?: true }
    if (fault !== undefined) throw new ProviderError('quota', fault)
    if (event !== undefined) session.emit(event)
    if (odd === true) session.odd()
    if (end === true) session.end()
  },
}

interface Given extends Partial<Omit<SttSocketOptions, 'socket'>> {
  readonly signal?: AbortSignal
}

function open({ signal = new AbortController().signal, ...given }: Given = {}): Promise<SttSession> {
  const { context = testContext() } = given
  return openSttSocket({
    socket: {
      url: `${server.wsUrl}/stt`,
      faults: { doing: 'Acme' },
      clock: context.clock,
      signal,
      openLimitMs: 2_000,
    },
    protocol: plain,
    context,
    callId: 'call-1',
    counter: 'acme_stt',
    ...given,
  })
}

async function opened(given: Given = {}): Promise<{ session: SttSession; peer: LoopbackPeer }> {
  server.onSocket('/stt', (upgrade) => void upgrade.accept())
  const session = await open(given)
  return { session, peer: await server.peer() }
}

async function readAll(session: SttSession): Promise<{ events: SttEvent[]; error?: unknown }> {
  const events: SttEvent[] = []
  try {
    for await (const event of session.events) events.push(event)
    return { events }
  } catch (error) {
    return { events, error }
  }
}

describe('a session over a socket', () => {
  it('waits until the service says that it takes audio', async () => {
    const protocol = { ...plain, first: ['{"hello":1}'], isReady: (message: any) => message.ready === true }
    server.onSocket('/stt', (upgrade) => {
      const peer = upgrade.accept()
      peer.onMessage((message) => {
        if (message.hello === 1) peer.send({ ready: true })
      })
    })
    const session = await open({ protocol })
    session.write(new Uint8Array([1, 2]))
    await (await server.peer()).message((message) => Buffer.isBuffer(message))
    await session.close()
  })

  it('does not wait for that longer than its limit, or than it is wanted', async () => {
    const protocol = { ...plain, isReady: () => false }
    const time = createFakeClock()
    const context = testContext({ clock: time.clock })
    server.onSocket('/stt', (upgrade) => void upgrade.accept())
    const late = open({ protocol, context }).catch((error: unknown) => error)
    await (await server.peer()).roundTrip()
    await time.settle()
    await time.advance(2_000)
    await time.advance(1_000)
    expect(await late).toMatchObject({ class: 'timeout' })

    const abort = new AbortController()
    const unwanted = open({ protocol, signal: abort.signal }).catch((error: unknown) => error)
    await (await server.peer(1)).roundTrip()
    abort.abort()
    expect(await unwanted).toMatchObject({ class: 'cancelled' })
  })

  it('is refused by what the service says before it is ready', async () => {
    const protocol = { ...plain, isReady: () => false }
    server.onSocket('/stt', (upgrade) => upgrade.accept().send({ fault: 'no room' }))
    await expect(open({ protocol })).rejects.toMatchObject({ class: 'quota', message: 'no room' })
    server.onSocket('/stt', (upgrade) => upgrade.accept().close(4401, 'who?'))
    await expect(open({ protocol })).rejects.toMatchObject({ class: 'auth' })
  })

  it('gives its last words after finish, then the end, whoever ends it', async () => {
    const final = { type: 'final', text: 'last words' }
    for (const ends of ['with a message', 'with a close']) {
      const { session } = await opened()
      const peer = server.peers.at(-1)!
      const reading = readAll(session)
      session.write(new Uint8Array(8))
      session.finish()
      session.write(new Uint8Array(8))
      await peer.message((message) => message.last === true)
      expect(peer.bytes().length).toBe(8)
      peer.send({ event: final })
      if (ends === 'with a message') peer.send({ end: true })
      else peer.close(1000)
      expect(await reading, ends).toEqual({ events: [final] })
      await session.close()
    }
  })

  it('makes a final of words that only a partial showed, and no end of speech without its start', async () => {
    const { session, peer } = await opened()
    const reading = readAll(session)
    peer.send({ event: { type: 'speech-stopped' } })
    peer.send({ event: { type: 'speech-started' } })
    peer.send({ event: { type: 'partial', text: 'half a' } })
    await peer.roundTrip()
    session.finish()
    await peer.message((message) => message.last === true)
    peer.close(1000)
    expect((await reading).events).toEqual([
      { type: 'speech-started' },
      { type: 'partial', text: 'half a' },
      { type: 'final', text: 'half a' },
    ])
    await session.close()
  })

  it('does not wait for last words that never come', async () => {
    const time = createFakeClock()
    const context = testContext({ clock: time.clock })
    const { session, peer } = await opened({ context, finishLimitMs: 3_000 })
    const reading = readAll(session)
    session.finish()
    peer.freeze()
    await time.advance(3_000)
    expect(await reading).toEqual({ events: [] })
    expect(context.metrics.value('acme_stt_finish_timeouts_total')).toBe(1)
    const closing = session.close()
    await time.advance(1_000)
    await closing
    expect(time.pending()).toBe(0)
  })

  it('dies of a fault the service tells, of a close it did not ask for, and of a cut; what came before is read', async () => {
    const partial = { type: 'partial', text: 'a' }
    for (const [die, error] of [
      [(peer: LoopbackPeer) => peer.send({ fault: 'too much' }), { class: 'quota', message: 'too much' }],
      [(peer: LoopbackPeer) => peer.close(1000), { class: 'network' }],
      [(peer: LoopbackPeer) => peer.cut(), { class: 'network' }],
    ] as const) {
      const { session } = await opened()
      const peer = server.peers.at(-1)!
      peer.send({ event: partial })
      await peer.roundTrip()
      die(peer)
      const read = await readAll(session)
      expect(read.events).toEqual([partial])
      expect(read.error).toMatchObject(error)
      session.write(new Uint8Array(8))
      session.finish()
      await session.close()
    }
  })

  it('hands a bug in the reader of messages on as it is', async () => {
    const bug = new TypeError('undefined is not a function')
    const { session, peer } = await opened({
      protocol: {
        last: '',
        read() {
          throw bug
        },
      },
    })
    peer.send({})
    expect((await readAll(session)).error).toBe(bug)
    await session.close()
  })

  it('counts what it cannot read, tells the first of it, and goes on', async () => {
    const context = testContext()
    const { session, peer } = await opened({ context })
    const reading = readAll(session)
    peer.sendRaw('{"event":')
    peer.sendRaw(new Uint8Array([0, 1, 2]))
    peer.send({ odd: true })
    peer.send({ event: { type: 'final', text: 'still here' } })
    await peer.roundTrip()
    session.finish()
    await peer.message((message) => message.last === true)
    peer.send({ end: true })
    expect((await reading).events).toEqual([{ type: 'final', text: 'still here' }])
    expect(context.metrics.value('acme_stt_odd_messages_total')).toBe(3)
    expect(context.log.entries).toHaveLength(1)
    await session.close()
  })

  it('reads messages of any shape, several in one, and counts what cannot be read', async () => {
    const context = testContext()
    const protocol: SttProtocol = {
      ...plain,
      last: new Uint8Array([9]),
      messagesIn(data) {
        if (typeof data === 'string') return [JSON.parse(data)]
        return String(data).split('\n').map(jsonMessage)
      },
    }
    const { session, peer } = await opened({ context, protocol })
    const reading = readAll(session)
    const lines = [{ event: { type: 'partial', text: 'a' } }, 7, { event: { type: 'final', text: 'a b' } }]
    peer.sendRaw(Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')))
    peer.sendRaw('{"half')
    session.finish()
    expect([...(await peer.message((message) => Buffer.isBuffer(message)))]).toEqual([9])
    peer.send({ end: true })
    expect((await reading).events).toEqual([
      { type: 'partial', text: 'a' },
      { type: 'final', text: 'a b' },
    ])
    expect(context.metrics.value('acme_stt_odd_messages_total')).toBe(2)
    await session.close()
  })

  it('keeps only the newest partial for a slow reader, and nothing after close', async () => {
    const { session, peer } = await opened()
    for (const text of ['a', 'a b', 'a b c']) peer.send({ event: { type: 'partial', text } })
    await peer.roundTrip()
    const events = session.events[Symbol.asyncIterator]()
    expect((await events.next()).value).toEqual({ type: 'partial', text: 'a b c' })
    peer.send({ event: { type: 'final', text: 'never read' } })
    await peer.roundTrip()
    await session.close()
    expect((await events.next()).done).toBe(true)
  })

  it('sends no empty message, which is the end to some services', async () => {
    const { session, peer } = await opened()
    session.write(new Uint8Array(0))
    session.write(new Uint8Array([7]))
    await peer.message((message) => Buffer.isBuffer(message))
    expect([...peer.bytes()]).toEqual([7])
    await session.close()
  })
})
