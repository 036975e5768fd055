import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { createFakeClock } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { FrameBudget } from '../src/streams/frame-budget.ts'
import { StreamConnection } from '../src/streams/stream-connection.ts'

/** One WebSocket frame of a client, masked. */
interface Frame {
  readonly kind: 'media' | 'long text' | 'short text' | 'ping' | 'fragment' | 'close'
  readonly bytes: Buffer
  readonly payload: string
}

const FIRST_BYTE = {
  media: 0x81,
  'long text': 0x81,
  'short text': 0x81,
  ping: 0x89,
  fragment: 0x01,
  close: 0x88,
}
const MEDIA = '{"event":"media","media":{"payload":"'

function frame(kind: Frame['kind'], size: number, mask: Uint8Array, number = 0): Frame {
  const begin = kind === 'media' || kind === 'fragment' ? `${MEDIA}${number}` : 'x'
  const length = kind === 'media' || kind === 'long text' ? 126 + size : Math.min(size, 125)
  const payload = begin.padEnd(length, 'abcdefg').slice(0, length)
  const head =
    length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 0xff] : longHead(length)
  const masked = Buffer.from(payload).map((byte, index) => byte ^ mask[index % 4]!)
  head[0]! |= 0x80
  return { kind, payload, bytes: Buffer.concat([Buffer.from([FIRST_BYTE[kind], ...head]), mask, masked]) }
}

function longHead(length: number): number[] {
  const bytes = Buffer.alloc(9)
  bytes[0] = 127
  bytes.writeBigUInt64BE(BigInt(length), 1)
  return [...bytes]
}

/** The raw connection: what comes on it is pushed, what is written to it is kept. */
class Wire extends Duplex {
  readonly written: Buffer[] = []
  ended = false
  override _read(): void {}
  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(Buffer.from(bytes))
    done()
  }
  override _final(done: () => void): void {
    this.ended = true
    done()
  }
}

function open(textBytes = 131_072, perSecond = 100_000) {
  const wire = new Wire()
  const limits = { messagesPerSecond: perSecond, messageBytes: 100_000_000 }
  const budget = new FrameBudget(limits, createFakeClock().clock)
  const connection = new StreamConnection(wire, new Uint8Array(textBytes), budget)
  const log: { to: 'reader' | 'ws'; bytes: Buffer }[] = []
  connection.on('data', (bytes: Buffer) => log.push({ to: 'ws', bytes: Buffer.from(bytes) }))
  connection.started({
    readMedia(text, length) {
      const bytes = Buffer.from(text.subarray(0, length))
      if (!bytes.toString().startsWith(MEDIA)) return false
      log.push({ to: 'reader', bytes })
      return true
    },
  })
  return { wire, connection, log, read: () => log.filter(({ to }) => to === 'reader') }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the connection as ws sees it', () => {
  const mask = fc.uint8Array({ minLength: 4, maxLength: 4 })
  /** No two are alike. */
  const frames = (...kinds: Frame['kind'][]) =>
    fc
      .array(fc.tuple(fc.constantFrom(...kinds), fc.nat(700), mask), { maxLength: 25 })
      .map((parts) => parts.map(([kind, size, key], number) => frame(kind, size, key, number)))

  async function feed(all: readonly Frame[], cuts: readonly number[]) {
    const rig = open()
    const stream = Buffer.concat(all.map(({ bytes }) => bytes))
    await settle()
    let at = 0
    for (const cut of [...cuts, stream.length]) {
      rig.wire.push(Buffer.from(stream.subarray(at, at + cut)))
      at += cut
      await settle()
    }
    return { ...rig, stream }
  }

  it('gives every byte to ws, in order, but the media that the reader took, at its place', async () => {
    const kinds = frames('media', 'media', 'media', 'long text', 'short text', 'ping', 'fragment', 'close')
    const cuts = fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(kinds, cuts, async (all, at) => {
        const { log, stream } = await feed(all, at)
        const media = all.filter(({ kind }) => kind === 'media')
        let seen = 0
        const whole = log.map(({ to, bytes }) => {
          if (to === 'ws') return bytes
          // Some before it may have gone to ws in pieces.
          while (media[seen]!.payload !== bytes.toString()) seen++
          return media[seen++]!.bytes
        })
        expect(Buffer.concat(whole).equals(stream)).toBe(true)
      }),
    )
  })

  it('gives ws each byte once, also when heads of frames come in pieces', async () => {
    const key = Uint8Array.of(1, 2, 3, 4)
    const all = (['short text', 'media', 'ping', 'long text'] as const).map((kind) => frame(kind, 90, key))
    const { log, stream } = await feed(
      all,
      Array.from({ length: 600 }, () => 1),
    )
    expect(Buffer.concat(log.map(({ bytes }) => bytes)).equals(stream)).toBe(true)
  })

  it('leaves no whole media to ws, however the chunks are cut between frames', async () => {
    await fc.assert(
      fc.asyncProperty(frames('media', 'long text', 'short text', 'ping'), fc.nat(24), async (all, first) => {
        const cut = Buffer.concat(all.slice(0, first).map(({ bytes }) => bytes)).length
        const { read } = await feed(all, cut > 0 ? [cut] : [])
        expect(read().map(({ bytes }) => bytes.toString())).toEqual(
          all.filter(({ kind }) => kind === 'media').map(({ payload }) => payload),
        )
      }),
    )
  })

  const key = Uint8Array.of(1, 2, 3, 4)

  it.each(['fragment', 'close'] as const)('leaves all that follows a %s to ws', async (kind) => {
    const { read } = await feed([frame('media', 50, key), frame(kind, 40, key), frame('media', 60, key)], [])
    expect(read()).toHaveLength(1)
  })

  it('goes on after a message of 64 KiB and more', async () => {
    const { read } = await feed([frame('long text', 70_000, key), frame('media', 60, key)], [5, 4, 30_000])
    expect(read()).toHaveLength(1)
  })

  it('leaves a message that is longer than there is room for to ws', async () => {
    const { wire, read, log } = open(200)
    await settle()
    wire.push(frame('media', 300, key).bytes)
    await settle()
    expect(read()).toEqual([])
    expect(log).toHaveLength(1)
  })

  it('lets no media overtake what ws has not read yet, and loses none of it', async () => {
    const { wire, connection, log } = open()
    await settle()
    connection.pause()
    const all = [frame('short text', 10, key), frame('media', 60, key), frame('media', 70, key)]
    for (const { bytes } of all) {
      wire.push(bytes)
      await settle()
    }
    expect(log).toEqual([])
    connection.resume()
    await settle()
    wire.push(frame('media', 80, key).bytes)
    await settle()
    expect(log.map(({ to }) => to)).toEqual(['ws', 'ws', 'ws', 'reader'])
  })

  it('writes through at once, ends and breaks off together with the connection', async () => {
    const { wire, connection } = open()
    connection.cork()
    connection.write('head')
    connection.write('text')
    connection.uncork()
    await settle()
    expect(Buffer.concat(wire.written).toString()).toBe('headtext')
    connection.end()
    await settle()
    expect(wire.ended).toBe(true)

    const cut = open()
    const told: unknown[] = []
    cut.connection.on('error', (error) => told.push(error.message))
    cut.connection.on('close', () => told.push('close'))
    cut.wire.destroy(new Error('reset'))
    await settle()
    expect(told).toEqual(['reset', 'close'])

    const dropped = open()
    dropped.connection.destroy()
    await settle()
    expect(dropped.wire.destroyed).toBe(true)
  })
})
