import { ProviderError } from '../../contracts/errors.ts'

export interface ServerSentEvent {
  /** `message` where the server names none. */
  readonly event: string
  /** The lines of `data`, joined by line feeds. */
  readonly data: string
  /** The last `id` that came, with this event or before it; empty: none. */
  readonly id: string
}

export interface SseParserOptions {
  onEvent(event: ServerSentEvent): void
  /** A longer event, or a line without an end, is none of a model's: `bad-data` is thrown. Default 4 million. */
  readonly maxEventChars?: number
  /** What failed, as that error's message begins. */
  readonly doing?: string
}

export interface SseParser {
  /** The next piece of the stream, cut wherever the network cut it. */
  push(text: string): void
  /** The stream is over: an event without an empty line behind it counts too, since some servers send none. */
  end(): void
}

/**
 * Server-sent events out of text (html.spec.whatwg.org, "Server-sent events", section 9.2.6): lines end with CR, LF or
 * CRLF, a byte order mark in front and comments are left out. An event without `data` is none.
 */
export function createSseParser(options: SseParserOptions): SseParser {
  const { onEvent, maxEventChars = 4_000_000, doing = 'a stream of events' } = options
  const fields = { event: '', data: undefined as string | undefined, id: '' }
  let line = ''
  let atStart = true
  /** The last piece ended with CR: an LF in front of the next one belongs to it. */
  let afterCr = false

  function expectRoom(chars: number): void {
    if (chars > maxEventChars)
      throw new ProviderError('bad-data', `${doing}: an event of more than ${maxEventChars} characters`)
  }

  function take(whole: string): void {
    if (whole === '') return dispatch()
    const colon = whole.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? whole : whole.slice(0, colon)
    const rest = colon < 0 ? '' : whole.slice(colon + 1)
    const value = rest.startsWith(' ') ? rest.slice(1) : rest
    if (name === 'data') {
      expectRoom((fields.data?.length ?? 0) + value.length)
      fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`
    } else if (name === 'event') fields.event = value
    else if (name === 'id' && !value.includes('\0')) fields.id = value
  }

  function dispatch(): void {
    const { event, data, id } = fields
    fields.event = ''
    fields.data = undefined
    if (data !== undefined) onEvent({ event: event === '' ? 'message' : event, data, id })
  }

  return {
    push(text) {
      let at = 0
      if (atStart && text !== '') {
        atStart = false
        if (text.startsWith('\uFEFF')) at = 1
      }
      if (afterCr && text.startsWith('\n', at)) at++
      if (text !== '') afterCr = false
      const ends = /\r\n|\r|\n/g
      ends.lastIndex = at
      for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
        take(line + text.slice(at, end.index))
        line = ''
        at = ends.lastIndex
        afterCr = at === text.length && end[0] === '\r'
      }
      line += text.slice(at)
      expectRoom(line.length)
    },
    end() {
      if (line !== '') take(line)
      line = ''
      dispatch()
    },
  }
}

/** The events of a body as they come. Leaving the iteration ends the body's. */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
  options: Omit<SseParserOptions, 'onEvent'> = {},
): AsyncGenerator<ServerSentEvent, void> {
  const ready: ServerSentEvent[] = []
  const parser = createSseParser({ ...options, onEvent: (event) => ready.push(event) })
  const decoder = new TextDecoder()
  try {
    for await (const chunk of body) {
      parser.push(decoder.decode(chunk, { stream: true }))
      yield* ready.splice(0)
    }
    parser.push(decoder.decode())
    parser.end()
  } finally {
    // What was whole before an event that is too long, or before the cut, is given first.
    yield* ready.splice(0)
  }
}
