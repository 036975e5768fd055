/** Lines that wait to be written, oldest first, within a bound. */
export interface LineQueue {
  /** False when there is no room: the line is lost, and counted. */
  push(line: string, urgent: boolean): boolean
  /** As many whole lines as fit into `maxBytes`, one at least; `undefined` when none waits. */
  take(maxBytes: number): Buffer | undefined
  /** Lines lost since this was last asked, once there is room again; 0 while there is none. */
  takeLost(): number
  readonly bytes: number
  /** Lines that wait, and those lost of which nobody was told. */
  readonly missing: number
}

/** The last quarter is kept for what is urgent: a flood of figures must not push out why it came to it. */
const ROOM_FOR_ALL = 0.75
/** After an overflow nothing but urgent lines is taken until this much is left: one gap, not one in every line. */
const AGAIN_BELOW = 0.5

export function createLineQueue(maxBytes: number): LineQueue {
  let lines: string[] = []
  let head = 0
  let bytes = 0
  let lost = 0
  let overflowed = false

  const sizeOf = (line: string): number => Buffer.byteLength(line)

  function hasRoom(size: number, urgent: boolean): boolean {
    if (overflowed && bytes < maxBytes * AGAIN_BELOW) overflowed = false
    if (urgent) return bytes + size <= maxBytes
    return !overflowed && bytes + size <= maxBytes * ROOM_FOR_ALL
  }

  return {
    push(line, urgent) {
      const size = sizeOf(line)
      if (!hasRoom(size, urgent)) {
        overflowed = true
        lost++
        return false
      }
      lines.push(line)
      bytes += size
      return true
    },
    take(limit) {
      let taken = 0
      let to = head
      while (to < lines.length) {
        const size = sizeOf(lines[to]!)
        if (to > head && taken + size > limit) break
        taken += size
        to++
      }
      if (to === head) return undefined
      const piece = Buffer.from(lines.slice(head, to).join(''))
      bytes -= taken
      head = to
      if (head === lines.length) {
        lines = []
        head = 0
      } else if (head > 1000) {
        lines = lines.slice(head)
        head = 0
      }
      return piece
    },
    takeLost() {
      if (lost === 0 || bytes >= maxBytes * AGAIN_BELOW) return 0
      overflowed = false
      const told = lost
      lost = 0
      return told
    },
    get bytes() {
      return bytes
    },
    get missing() {
      return lines.length - head + lost
    },
  }
}
