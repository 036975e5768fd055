import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProviderError } from '../../../src/index.ts'
import { openWireSocket, type WireSocketHandlers, type WireSocketOptions } from '../../../src/kit/index.ts'
import {
  createFakeClock,
  createRealClock,
  type LoopbackServer,
  type LoopbackUpgrade,
  openLoopbackServer,
} from '../../../src/testing/index.ts'

let server: LoopbackServer
beforeEach(async () => {
  server = await openLoopbackServer()
})
afterEach(() => server.close())

const never = new AbortController().signal
const faults = { doing: 'Acme', checks: { auth: 'check the key' }, secrets: ['hunter2-secret-key'] }

interface Told extends WireSocketHandlers {
  readonly texts: string[]
  readonly bytes: Uint8Array[]
  /** Resolves with how it was lost. */
  readonly lost: Promise<{ error: ProviderError; code: number | undefined }>
}

function listener(): Told {
  const texts: string[] = []
  const bytes: Uint8Array[] = []
  let onLost!: Told['onLost']
  const lost = new Promise<{ error: ProviderError; code: number | undefined }>((resolve) => {
    onLost = (error, code) => resolve({ error, code })
  })
  return {
    texts,
    bytes,
    lost,
    onLost,
    onText: (text) => texts.push(text),
    onBytes: (piece) => bytes.push(Uint8Array.from(piece)),
  }
}

function open(given: Partial<WireSocketOptions> = {}, to: WireSocketHandlers = listener()) {
  return openWireSocket(
    { url: `${server.wsUrl}/line`, faults, clock: createRealClock(), signal: never, ...given },
    to,
  )
}

async function rejection(promise: Promise<unknown>): Promise<ProviderError> {
  return promise.then(
    () => {
      throw new Error('expected a rejection')
    },
    (error: ProviderError) => error,
  )
}

describe('opening a socket', () => {
  it('sends headers, and hands on what comes with the upgrade', async () => {
    const told = listener()
    server.onSocket('/line', (upgrade) => upgrade.accept().send({ hello: true }))
    const socket = await open({ headers: { authorization: 'Token abc' } }, told)
    await (await server.peer()).roundTrip()
    expect(told.texts).toEqual(['{"hello":true}'])
    expect(server.peers[0]!.headers.authorization).toBe('Token abc')
    await socket.close()
  })

  it('is refused with the class of the status and the reason in its body', async () => {
    server.onSocket('/line', (upgrade) => upgrade.refuse(401, { err_msg: 'no such key hunter2-secret-key' }))
    const error = await rejection(open())
    expect(error).toMatchObject({ class: 'auth', details: { status: 401 } })
    expect(error.message).toMatch(/^Acme: the server answered 401: no such key .*hidden.* \(check the key\)$/)
    server.onSocket('/line', (upgrade) => upgrade.refuse(429, 'slow', { 'retry-after': '2' }))
    expect(await rejection(open())).toMatchObject({ class: 'quota', details: { retryAfterMs: 2000 } })
    server.onSocket('/line', (upgrade) => upgrade.refuse(200, 'a page'))
    expect(await rejection(open())).toMatchObject({ class: 'network' })
  })

  it('is cut, or finds nobody', async () => {
    server.onSocket('/line', (upgrade) => upgrade.cut())
    expect(await rejection(open())).toMatchObject({ class: 'network' })
    expect(await rejection(open({ url: 'ws://127.0.0.1:9/' }))).toMatchObject({
      class: 'network',
      details: { code: 'ECONNREFUSED' },
    })
  })

  it('ends at its limit when the server never answers', async () => {
    const time = createFakeClock()
    const asked = new Promise<LoopbackUpgrade>((resolve) => server.onSocket('/line', resolve))
    const opening = rejection(open({ clock: time.clock, openLimitMs: 700 }))
    await asked
    await time.advance(700)
    expect(await opening).toMatchObject({ class: 'timeout', message: 'Acme: no connection within 700 ms' })
    expect(time.pending()).toBe(0)
  })

  it('ends with an abort, whenever that comes', async () => {
    const gone = AbortSignal.abort()
    expect(await rejection(open({ signal: gone }))).toMatchObject({ class: 'cancelled' })
    const abort = new AbortController()
    const asked = new Promise<LoopbackUpgrade>((resolve) => server.onSocket('/line', resolve))
    const opening = rejection(open({ signal: abort.signal }))
    await asked
    abort.abort()
    expect(await opening).toMatchObject({ class: 'cancelled' })
  })

  it('says which of address and key is wrong, and never what it is', async () => {
    expect(await rejection(open({ url: 'https//nowhere' }))).toMatchObject({ class: 'bad-request' })
    const error = await rejection(open({ headers: { authorization: 'Token hunter2\nsecret' } }))
    expect(error.class).toBe('auth')
    expect(error.message).not.toContain('hunter2')
  })
})

describe('an open socket', () => {
  it('copies what it sends before it returns, and keeps the order', async () => {
    server.onSocket('/line', (upgrade) => void upgrade.accept())
    const socket = await open()
    const lent = new Uint8Array([1, 2, 3])
    socket.send(lent)
    lent.fill(9)
    socket.send('{"n":1}')
    const peer = await server.peer()
    await peer.message((message) => message.n === 1)
    expect([...peer.bytes()]).toEqual([1, 2, 3])
    await socket.close()
  })

  it('tells why it was lost, once, and nothing after it', async () => {
    server.onSocket('/line', (upgrade) => void upgrade.accept())
    const [closed, cut] = [listener(), listener()]
    const sockets = [await open({}, closed), await open({}, cut)]
    server.peers[0]!.close(4429, 'too many')
    expect(await closed.lost).toMatchObject({ error: { class: 'quota' }, code: 4429 })
    server.peers[1]!.cut()
    expect(await cut.lost).toMatchObject({ error: { class: 'network' }, code: 1006 })
    for (const socket of sockets) {
      socket.send('late')
      await socket.close()
    }
  })

  it('ends for a message that is too long', async () => {
    const told = listener()
    server.onSocket('/line', (upgrade) => upgrade.accept().sendRaw('x'.repeat(5_000)))
    await open({ maxMessageBytes: 1_000 }, told)
    expect((await told.lost).error.class).toBe('network')
    expect(told.texts).toEqual([])
  })

  it('gives up when the network takes nothing any more', async () => {
    const told = listener()
    server.onSocket('/line', (upgrade) => upgrade.accept().freeze())
    const socket = await open({ maxBufferedBytes: 100_000 }, told)
    const piece = new Uint8Array(60_000)
    // The kernel's own buffers fill up first.
    for (let sent = 0; sent < 500; sent++) socket.send(piece)
    const { error, code } = await told.lost
    expect(error.message).toMatch(/the network does not take what is sent/)
    expect(code).toBeUndefined()
    expect(socket.bufferedBytes).toBeLessThan(60_000 * 500)
    await socket.close()
  })

  it('sends its message of life only while nothing else goes out', async () => {
    const time = createFakeClock()
    server.onSocket('/line', (upgrade) => void upgrade.accept())
    const keepAlive = { everyMs: 4_000, message: '{"alive":true}' }
    const socket = await open({ clock: time.clock, keepAlive })
    const peer = await server.peer()
    socket.send('{"n":1}')
    await time.advance(4_000)
    await peer.roundTrip()
    expect(peer.messages).toEqual([{ n: 1 }])
    await time.advance(4_000)
    await peer.message((message) => message.alive)
    await closeOn(time, socket)
  })

  it('finds out that a line is dead which says nothing any more', async () => {
    const time = createFakeClock()
    const told = listener()
    server.onSocket('/line', (upgrade) => upgrade.accept().freeze())
    const socket = await open({ clock: time.clock }, told)
    await time.advance(15_000)
    await time.advance(15_000)
    expect((await told.lost).error.message).toBe('Acme: no answer for 30 s; check the network')
    await closeOn(time, socket)
  })

  it('keeps a line that answers, for as long as it answers', async () => {
    const time = createFakeClock()
    const told = listener()
    server.onSocket('/line', (upgrade) => void upgrade.accept())
    const socket = await open({ clock: time.clock }, told)
    const peer = await server.peer()
    for (let minute = 0; minute < 8; minute++) {
      await time.advance(15_000)
      await peer.roundTrip()
      await time.settle()
    }
    peer.send({ still: 'here' })
    await peer.roundTrip()
    expect(told.texts).toEqual(['{"still":"here"}'])
    await closeOn(time, socket)
  })

  it('closes with goodbye, twice too, and cuts whoever does not answer it', async () => {
    server.onSocket('/line', (upgrade) => void upgrade.accept())
    const told = listener()
    const socket = await open({}, told)
    const peer = await server.peer()
    peer.send({ late: true })
    await Promise.all([socket.close(), socket.close()])
    expect(await peer.closed).toBe(1000)
    expect(told.texts).toEqual([])

    const time = createFakeClock()
    const frozen = await open({ clock: time.clock })
    ;(await server.peer(1)).freeze()
    await closeOn(time, frozen)
  })
})

/** `close` waits a second at most, of this clock. */
async function closeOn(
  time: ReturnType<typeof createFakeClock>,
  socket: { close(): Promise<void> },
): Promise<void> {
  const closed = socket.close()
  await time.advance(1_000)
  await closed
  expect(time.pending()).toBe(0)
}
