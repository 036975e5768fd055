import { Duplex } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { createFakeClock } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { FrameBudget } from '../src/streams/frame-budget.ts'
import { StreamConnection } from '../src/streams/stream-connection.ts'

/**
 * The same bytes, in the same pieces, to a connection whose media is read off it, and to one of which ws reads all: the
 * far end must have said the same, in the same order, up to the same end.
 */

const MAX_BYTES = 600
const FINAL = 0x80

/** What a far end may do with one message; the last are faults, and end the stream. */
const HOW = [
  ...(['whole', 'whole', 'whole', 'short', 'long head', 'in pieces', 'binary', 'ping', 'pong'] as const),
  ...(['close', 'reserved bit', 'reserved opcode', 'unmasked', 'long ping', 'ping in pieces'] as const),
  ...(['lost beginning', 'too long', 'length without end', 'bad close'] as const),
] as const
type How = (typeof HOW)[number]

interface Sent {
  readonly how: How
  readonly length: number
  readonly mask: Uint8Array
}

function frame(first: number, text: string, { mask }: Sent, head?: readonly number[]): Buffer {
  const payload = Buffer.from(text)
  const length = payload.length
  const size = head ?? (length < 126 ? [FINAL | length] : [FINAL | 126, length >> 8, length & 0xff])
  return Buffer.concat([Uint8Array.of(first, ...size), mask, payload.map((byte, at) => byte ^ mask[at % 4]!)])
}

const long = (length: number): readonly number[] => [
  FINAL | 127,
  ...[0, 0, 0, 0, 0, 0, length >> 8, length & 0xff],
]

function bytesOf(sent: Sent, number: number): Buffer {
  const text = `${number} `.padEnd(126 + sent.length, 'media')
  const short = text.slice(0, sent.length % 126)
  switch (sent.how) {
    case 'whole':
      return frame(0x81, text, sent)
    case 'short':
      return frame(0x81, short, sent)
    case 'long head':
      return frame(0x81, text, sent, long(text.length))
    case 'in pieces':
      return Buffer.concat([
        frame(0x01, text.slice(0, 60), sent),
        frame(0x89, 'between', sent),
        frame(0x00, '', sent),
        frame(0x80, text.slice(60), sent),
      ])
    case 'binary':
      return frame(0x82, text, sent)
    case 'ping':
      return frame(0x89, short, sent)
    case 'pong':
      return frame(0x8a, short, sent)
    case 'close':
      return frame(0x88, '\u0003\u00e8', sent, [FINAL | 2])
    case 'reserved bit':
      return frame(0xc1, text, sent)
    case 'reserved opcode':
      return frame(0x83, text, sent)
    case 'unmasked':
      return Buffer.concat([
        Uint8Array.of(0x81, 126, text.length >> 8, text.length & 0xff),
        Buffer.from(text),
      ])
    case 'long ping':
      return frame(0x89, text, sent)
    case 'ping in pieces':
      return frame(0x09, short, sent)
    case 'lost beginning':
      return frame(0x80, text, sent)
    case 'too long':
      return frame(0x81, text.padEnd(MAX_BYTES + 1), sent)
    case 'length without end':
      return frame(0x81, text, sent, [FINAL | 127, ...[0, 0, 1, 0, 0, 0, 0, 0]])
    case 'bad close':
      return frame(0x88, '\u0003', sent)
  }
}

/** The raw connection: what comes on it is pushed. */
class Wire extends Duplex {
  override _read(): void {}
  override _write(_bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    done()
  }
}

const server = new WebSocketServer({
  noServer: true,
  maxPayload: MAX_BYTES,
  perMessageDeflate: false,
  skipUTF8Validation: true,
})
const { clock } = createFakeClock()
const ASKED = {
  method: 'GET',
  headers: {
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
  },
} as IncomingMessage

/** @param open what ws is given of the connection, and who else hears of it */
function listen(open: (wire: Wire, hear: (text: string) => void) => Duplex) {
  const wire = new Wire()
  const said: string[] = []
  let isOver = false
  const hear = (text: string): void => void (isOver || said.push(text))
  const end = (how: string): void => {
    hear(how)
    isOver = true
  }
  server.handleUpgrade(ASKED, open(wire, hear), Buffer.alloc(0), (socket) => {
    socket.on('message', (data: Buffer, isBinary) =>
      hear(`${isBinary ? 'binary' : 'text'} ${data.toString()}`),
    )
    socket.on('ping', (data) => hear(`ping ${data.toString()}`))
    socket.on('error', () => end('failed'))
    socket.on('close', (code) => end(`closed ${code}`))
  })
  return { wire, said }
}

let readOff = 0
const limits = { messagesPerSecond: 1e6, messageBytes: Number.MAX_SAFE_INTEGER }

function readMediaOff(wire: Wire, hear: (text: string) => void): Duplex {
  const connection = new StreamConnection(wire, new Uint8Array(MAX_BYTES), new FrameBudget(limits, clock))
  connection.started({
    readMedia(text, length) {
      readOff++
      hear(`text ${Buffer.from(text.subarray(0, length)).toString()}`)
      return true
    },
  })
  return connection
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('what is read off a connection is what ws reads, whatever else comes and however it is cut', async () => {
  const sent = fc.record({
    how: fc.oneof({ weight: 3, arbitrary: fc.constant<How>('whole') }, fc.constantFrom(...HOW)),
    length: fc.nat(300),
    mask: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  })
  const cuts = fc.oneof(
    fc.constant([]),
    fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 10 }),
    fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 16 }), cuts, async (all, at) => {
      const stream = Buffer.concat(all.map(bytesOf))
      const [fast, plain] = [listen(readMediaOff), listen((wire) => wire)]
      for (const piece of pieces(stream, at)) {
        for (const { wire } of [fast, plain]) if (!wire.destroyed) wire.push(Buffer.from(piece))
        await settle()
      }
      expect(fast.said).toEqual(plain.said)
      for (const { wire } of [fast, plain]) wire.destroy()
    }),
    { numRuns: 400 },
  )
  // Else all of it may have gone to ws.
  expect(readOff).toBeGreaterThan(400)
})

function pieces(stream: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const found: Buffer[] = []
  let at = 0
  for (const cut of [...cuts, stream.length]) {
    found.push(stream.subarray(at, at + cut))
    at += cut
  }
  return found
}
