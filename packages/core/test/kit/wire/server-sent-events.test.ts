import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSseParser, readServerSentEvents, type ServerSentEvent } from '../../../src/kit/index.ts'

function parse(pieces: readonly string[], maxEventChars?: number): ServerSentEvent[] {
  const events: ServerSentEvent[] = []
  const parser = createSseParser({
    onEvent: (event) => events.push(event),
    ...(maxEventChars !== undefined && { maxEventChars }),
  })
  for (const piece of pieces) parser.push(piece)
  parser.end()
  return events
}

const message = (data: string) => ({ event: 'message', data, id: '' })

/** Cuts a text, or bytes, at these places. */
function cut<T extends { length: number; slice(from: number, to?: number): T }>(
  whole: T,
  places: number[],
): T[] {
  const at = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length))
}

describe('server-sent events', () => {
  it('are read as the standard has it', () => {
    expect(parse(['data: a\n\n'])).toEqual([message('a')])
    expect(parse(['data:a\ndata:  b\ndata\n\n'])).toEqual([message('a\n b\n')])
    expect(parse([': keep-alive\n\nevent: delta\nid: 7\ndata: {"a":1}\n\ndata: b\n\n'])).toEqual([
      { event: 'delta', data: '{"a":1}', id: '7' },
      { event: 'message', data: 'b', id: '7' },
    ])
    expect(parse(['event: nothing\n\nunknown: x\nretry: 5\ndata: c\n\n'])).toEqual([message('c')])
    expect(parse(['id: a\0b\ndata: d\n\n'])).toEqual([message('d')])
  })

  it('count too where the stream ends without an empty line behind the last one', () => {
    expect(parse(['data: a\n\ndata: [DONE]'])).toEqual([message('a'), message('[DONE]')])
  })

  it('are the same however the stream is cut, with every line ending, with and without a byte order mark', async () => {
    const words = fc.stringMatching(/^[ -~äש😀]{0,12}$/u)
    const event = fc.record({
      name: fc.option(fc.constantFrom('delta', 'error')),
      data: fc.array(words, { minLength: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(event),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom('', '\uFEFF'),
        fc.boolean(),
        fc.array(fc.nat(2_000)),
        async (events, ending, mark, comments, places) => {
          const lines = events.flatMap(({ name, data }) => [
            ...(comments ? [': still here'] : []),
            ...(name === null ? [] : [`event: ${name}`]),
            ...data.map((line) => `data: ${line}`),
            '',
          ])
          const text = mark + lines.map((line) => line + ending).join('')
          const expected = events.map(({ name, data }) => ({
            event: name ?? 'message',
            data: data.join('\n'),
            id: '',
          }))
          expect(parse(cut(text, places))).toEqual(expected)
          const bytes = cut(new TextEncoder().encode(text), places)
          const read: ServerSentEvent[] = []
          for await (const one of readServerSentEvents(asyncOf(bytes))) read.push(one)
          expect(read).toEqual(expected)
        },
      ),
    )
  })

  it('survive any bytes, with the same outcome however those are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300)), async (bytes, places) => {
        const read = async (pieces: Uint8Array[]): Promise<ServerSentEvent[]> => {
          const events: ServerSentEvent[] = []
          for await (const one of readServerSentEvents(asyncOf(pieces))) events.push(one)
          return events
        }
        expect(await read(cut(bytes, places))).toEqual(await read([bytes]))
      }),
    )
  })

  it('are bounded: a line without an end, and data without one, are bad-data, behind what was whole', async () => {
    const endless = { class: 'bad-data' }
    expect(() => parse(['data: '.padEnd(50, 'x')], 40)).toThrow(expect.objectContaining(endless))
    expect(() => parse(Array(10).fill('data: 12345678\n'), 40)).toThrow(expect.objectContaining(endless))
    const body = asyncOf([new TextEncoder().encode(`data: a\n\ndata: ${'x'.repeat(50)}`)])
    const events = readServerSentEvents(body, { maxEventChars: 40, doing: 'reply from acme' })
    expect((await events.next()).value).toEqual(message('a'))
    await expect(events.next()).rejects.toMatchObject({
      ...endless,
      message: expect.stringMatching(/^reply from acme/),
    })
  })

  it('end their body when the reader leaves', async () => {
    let ended = false
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new TextEncoder().encode('data: a\n\n')
      } finally {
        ended = true
      }
    }
    for await (const event of readServerSentEvents(body())) if (event.data === 'a') break
    expect(ended).toBe(true)
  })
})

async function* asyncOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
