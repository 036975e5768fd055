/** Enough to tell what a line was about: who wrote it names it first or last. */
const ENDS_CHARS = 200
const LINE_FEED = 10

/** The two ends of a line that was not read. */
export interface LostLine {
  readonly head: string
  readonly tail: string
}

/**
 * Takes pieces of bytes and gives lines. One that is longer than `maxBytes` is passed over; the next is whole again.
 * `onLong` is told the beginning of one as soon as it is too long, `onLost` both ends once it is over.
 */
export function createLineReader(
  maxBytes: number,
  onLine: (line: string) => void,
  onLost: (ends: LostLine) => void,
  onLong: (head: string) => void = () => undefined,
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
      head = Buffer.concat(parts.map((each) => each.subarray(0, ENDS_CHARS)))
        .toString()
        .slice(0, ENDS_CHARS)
      parts = []
      onLong(head)
    }
    tail = (tail + part.subarray(-ENDS_CHARS).toString()).slice(-ENDS_CHARS)
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
