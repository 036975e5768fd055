import { setTimeout as sleep } from 'node:timers/promises'
import { durationMs, type AudioFormat, type SttEvent, type SttSession } from '../../../contracts/index.ts'
import { turn } from '../common/contract-case.ts'

/** The events of one session as they come in, read in the background. */
export interface Listening {
  readonly events: readonly SttEvent[]
  /** Resolves when the iteration is over, whether it ended or threw. */
  readonly over: Promise<void>
  /** What the iteration threw. */
  readonly error: unknown
  /** The text of all finals so far. */
  text(): string
}

export function listen(session: SttSession): Listening {
  const events: SttEvent[] = []
  let error: unknown
  const read = async () => {
    try {
      for await (const event of session.events) events.push(event)
    } catch (thrown) {
      error = thrown
    }
  }
  return {
    events,
    over: read(),
    get error() {
      return error
    },
    text: () => events.flatMap((event) => (event.type === 'final' ? [event.text] : [])).join(' '),
  }
}

export interface WritePace {
  readonly format: AudioFormat
  /** Times real time. */
  readonly pace: number
  /** Bytes of each write, used in turn and over again. */
  readonly sizes: readonly number[]
  /** Lends one buffer over and over and scribbles on it as soon as `write` returns. */
  readonly scribble?: boolean
}

const SCRIBBLE = 0x15

/** Writes all of `audio` in order, no faster than `pace` allows. */
export async function writeAll(session: SttSession, audio: Uint8Array, how: WritePace): Promise<void> {
  const startMs = performance.now()
  // A Buffer is a Uint8Array too, and its slice() does not copy.
  const lent = Buffer.alloc(Math.max(...how.sizes))
  for (let offset = 0, index = 0; offset < audio.byteLength; index++) {
    const piece = audio.subarray(offset, offset + (how.sizes[index % how.sizes.length] ?? audio.byteLength))
    if (how.scribble === true) {
      lent.set(piece)
      session.write(lent.subarray(0, piece.byteLength))
      lent.fill(SCRIBBLE)
    } else {
      session.write(new Uint8Array(piece))
    }
    offset += piece.byteLength
    if (offset >= audio.byteLength) return
    const aheadMs = durationMs(how.format, offset) / how.pace - (performance.now() - startMs)
    if (aheadMs > 2) await sleep(aheadMs)
    else if (index % 8 === 0) await turn()
  }
}
