import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSpares, streamRequest, type StreamRequest, textRequest } from '../../../src/kit/index.ts'
import {
  createFakeClock,
  createRealClock,
  type LoopbackServer,
  openLoopbackServer,
} from '../../../src/testing/index.ts'

let server: LoopbackServer
beforeEach(async () => {
  server = await openLoopbackServer()
})
afterEach(() => server.close())

function ask(given: Partial<StreamRequest> = {}): AsyncGenerator<Uint8Array, void> {
  return streamRequest({
    url: `${server.httpUrl}/speak`,
    body: '{"text":"hello"}',
    faults: { doing: 'Acme speech' },
    clock: createRealClock(),
    signals: [],
    firstMs: 5_000,
    idleMs: 5_000,
    ...given,
  })
}

async function read(source: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(Uint8Array.from(piece))
  return Buffer.concat(pieces).toString()
}

describe('a request whose answer is a stream', () => {
  it('gives the pieces as they come, the first before the last was sent', async () => {
    let goOn: () => void = () => undefined
    const heard = new Promise<void>((resolve) => (goOn = resolve))
    server.onHttp('/speak', async ({ write, end }) => {
      await write('one')
      await heard
      await write('two')
      end()
    })
    const pieces = ask({ headers: { authorization: 'Token k' } })
    expect(String(Buffer.from((await pieces.next()).value!))).toBe('one')
    goOn()
    expect(await read(pieces)).toBe('two')
    expect(server.requests[0]).toMatchObject({ method: 'POST', json: { text: 'hello' } })
    expect(server.requests[0]!.headers.authorization).toBe('Token k')
  })

  it('is refused, redirected, answered with something else, cut, or finds nobody', async () => {
    const answers = [
      [
        (e: any) => e.json(401, { message: 'who?' }),
        { class: 'auth', message: 'Acme speech: the server answered 401: who?' },
      ],
      [(e: any) => e.head(302, { location: 'http://127.0.0.1:9/' }) ?? e.end(), { class: 'network' }],
      [(e: any) => e.json(200, {}), { class: 'bad-data' }],
      [async (e: any) => (await e.write('half'), e.cut()), { class: 'network' }],
    ] as const
    for (const [script, error] of answers) {
      server.onHttp('/speak', script)
      await expect(read(ask({ accepts: (type) => !type.includes('json') }))).rejects.toMatchObject(error)
    }
    await expect(read(ask({ url: 'http://127.0.0.1:9/' }))).rejects.toMatchObject({ class: 'network' })
  })

  it('is not waited for longer than its limits', async () => {
    const time = createFakeClock()
    server.onHttp('/speak', () => undefined)
    const nothing = read(ask({ clock: time.clock, firstMs: 800 })).catch((error: unknown) => error)
    await server.request()
    await time.advance(800)
    expect(await nothing).toMatchObject({ class: 'timeout' })

    server.onHttp('/speak', ({ write }) => write('a'))
    const stalled = ask({ clock: time.clock, idleMs: 900 })
    await stalled.next()
    const more = stalled.next().catch((error: unknown) => error)
    await time.advance(900)
    expect(await more).toMatchObject({ class: 'timeout' })
    expect(time.pending()).toBe(0)
  })

  it('ends at the service, silently, with an abort, and when the reader leaves', async () => {
    server.onHttp('/speak', async ({ write, request }) => {
      await write('a')
      await request.abandoned
    })
    const abort = new AbortController()
    const aborted = ask({ signals: [abort.signal] })
    await aborted.next()
    const next = aborted.next()
    abort.abort()
    expect((await next).done).toBe(true)
    await server.requests[0]!.abandoned
    const left = ask()
    await left.next()
    await left.return()
    await server.requests[1]!.abandoned
    expect((await ask({ signals: [AbortSignal.abort()] }).next()).done).toBe(true)
    expect(server.requests).toHaveLength(2)
  })

  it('many requests may share a signal, the one of the provider’s close, without a warning', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error): void => void warnings.push(warning)
    process.on('warning', onWarning)
    server.onHttp('/speak', ({ write }) => write('a'))
    const closing = new AbortController()
    const requests = Array.from({ length: 20 }, () => ask({ signals: [closing.signal] }))
    await Promise.all(requests.map((request) => request.next()))
    closing.abort()
    await Promise.all(requests.map((request) => request.next()))
    // Told in a tick of its own.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })

  it('ends with an abort when all of the answer has come, and was not read', async () => {
    const sent = new Promise<void>((resolve) =>
      server.onHttp('/speak', async ({ write, end }) => {
        await write(new Uint8Array(40_000))
        end()
        resolve()
      }),
    )
    const abort = new AbortController()
    const pieces = ask({ signals: [abort.signal] })
    await pieces.next()
    await sent
    // The end of the answer is in the client's hands once another request has been there and back.
    await read(ask())
    abort.abort()
    expect((await pieces.next()).done).toBe(true)
  })
})

describe('a request whose answer is wanted whole', () => {
  const whole = (signal: AbortSignal) =>
    textRequest({
      url: `${server.httpUrl}/hear`,
      faults: { doing: 'Acme recognition' },
      clock: createRealClock(),
      signals: [signal],
      limitMs: 5_000,
      maxBytes: 1_000,
    })

  it('gives it in one, and is cancelled by its signal, also when half of it has come', async () => {
    const abort = new AbortController()
    server.onHttp('/hear', async ({ write, end }) => {
      await write('{"text":')
      await write('"hello"}')
      end()
    })
    expect(await whole(abort.signal)).toBe('{"text":"hello"}')
    server.onHttp('/hear', async ({ write }) => {
      await write('{"text":')
      abort.abort()
    })
    await expect(whole(abort.signal)).rejects.toMatchObject({ class: 'cancelled' })
  })
})

describe('spares', () => {
  function spares(idleMs = 10_000) {
    const time = createFakeClock()
    const made: { usable: boolean; closed: boolean; close(): Promise<void> }[] = []
    const failures: Error[] = []
    const stock = createSpares({
      clock: time.clock,
      idleMs,
      maxKept: 2,
      async open() {
        const failure = failures.shift()
        if (failure !== undefined) throw failure
        const one = {
          usable: true,
          closed: false,
          async close() {
            one.closed = true
            one.usable = false
          },
        }
        made.push(one)
        return one
      },
    })
    return { stock, made, time, failures }
  }
  const never = new AbortController().signal

  it('are up before they are needed, once, and used again', async () => {
    const { stock, made } = spares()
    await Promise.all([stock.warm(), stock.warm()])
    await stock.warm()
    expect(made).toHaveLength(1)
    const first = (await stock.take(never))!
    stock.give(first)
    expect(await stock.take(never)).toBe(first)
    expect(await stock.take(never)).not.toBe(first)
    await stock.close()
  })

  it('are closed when they are not usable, too many, idle, or their owner closes', async () => {
    const { stock, made, time } = spares()
    const all = await Promise.all([1, 2, 3, 4].map(() => stock.take(never)))
    all[0]!.usable = false
    for (const one of all) stock.give(one!)
    expect(made.map(({ closed }) => closed)).toEqual([true, false, false, true])
    await time.advance(10_000)
    expect(made.every(({ closed }) => closed)).toBe(true)
    await stock.warm()
    await stock.close()
    expect(made.at(-1)!.closed).toBe(true)
    expect(time.pending()).toBe(0)
  })

  it('tell their fault to whoever takes one, not to whoever warms', async () => {
    const { stock, failures } = spares()
    failures.push(new Error('down'), new Error('down'))
    await stock.warm()
    await expect(stock.take(never)).rejects.toThrow('down')
    await stock.close()
  })

  it('are nobody’s fault for one who does not want any more', async () => {
    const { stock, failures } = spares()
    failures.push(new Error('cancelled'), new Error('closed'))
    expect(await stock.take(AbortSignal.abort())).toBeUndefined()
    await stock.close()
    expect(await stock.take(never)).toBeUndefined()
  })
})
