import { ENVELOPE_CHARS } from './oversized-answer.ts'

const LINE_FEED = 10

/** The two ends of a line that was not read. */
export interface LostLine {
  readonly head: string
  readonly tail: string
}

/** Takes pieces of bytes and gives lines. One that is longer than `maxBytes` is passed over; the next is whole again. */
export function createLineReader(
  maxBytes: number,
  onLine: (line: string) => void,
  onLost: (ends: LostLine) => void,
): (piece: Buffer) => void {
  let parts: Buffer[] = []
  let bytes = 0
  /** The beginning of the line that is being passed over. */
  let head: string | undefined
  let tail = ''

  function add(part: Buffer): void {
    if (part.byteLength === 0) return
    bytes += part.byteLength
    if (head === undefined) {
      parts.push(part)
      if (bytes <= maxBytes) return
      head = Buffer.concat(parts.map((each) => each.subarray(0, ENVELOPE_CHARS)))
        .toString()
        .slice(0, ENVELOPE_CHARS)
      parts = []
    }
    tail = (tail + part.subarray(-ENVELOPE_CHARS).toString()).slice(-ENVELOPE_CHARS)
  }

  function end(): void {
    if (head !== undefined) onLost({ head, tail })
    else if (bytes > 0) onLine(Buffer.concat(parts).toString())
    parts = []
    bytes = 0
    head = undefined
    tail = ''
  }

  return (piece) => {
    let from = 0
    for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, from)) {
      add(piece.subarray(from, at))
      from = at + 1
      end()
    }
    add(piece.subarray(from))
  }
}
