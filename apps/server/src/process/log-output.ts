import type { Metrics } from '@kav/core'
import { type FdWriter, openFdWriter } from './fd-writer.ts'
import { createLineQueue } from './line-queue.ts'

/**
 * Where the log goes. Nothing here waits for whoever reads it: lines wait in a bounded queue, what finds no room is
 * lost and counted, and one line tells how many once there is room again. A reader that pauses or ends, a full or
 * failing disk: all the same, and over when it is over.
 */
export interface LogOutput {
  write(line: string): void
  /** Set by the logger: whether the line that comes is a warning or worse. */
  lastLevel: number
  readonly linesLost: number
  /** From now on what is lost is counted there, too: `log_lines_lost_total`. */
  countInto(metrics: Metrics): void
  /** Resolves with true when all is written, with false after `limitMs`. */
  flush(limitMs: number): Promise<boolean>
  /** The same at the end of the process: lines that are not written then are told of on standard error, not lost unsaid. */
  end(limitMs: number): Promise<void>
}

export interface LogOutputOptions {
  /** 1 when absent: standard output. */
  readonly fd?: number
  readonly maxBytes?: number
  /** Turns a line of JSON into what is written. */
  readonly format?: (line: string) => string
}

/** Some 20,000 lines: most of a minute of 200 calls that tell of every second. */
const MAX_BYTES = 4 * 1024 * 1024
/** A reader that is behind has room again soon. */
const READER_RETRY_MS = 20
/** A full disk, a reader that is gone: rarely over at once. */
const FAULT_RETRY_MS = 1000
const PIECES_PER_TURN = 64
const AT_EXIT_MS = 500
const STDERR = 2
const WARN_LEVEL = 40
/** pino: tell the destination the level of each line. */
const METADATA = Symbol.for('pino.metadata')

export function openLogOutput(options: LogOutputOptions = {}): LogOutput {
  const writer = openFdWriter(options.fd ?? 1)
  const queue = createLineQueue(options.maxBytes ?? MAX_BYTES)
  const format = options.format ?? ((line: string) => line)
  const pump = createPump(writer, () => {
    tellLost()
    return queue.take(writer.pieceBytes)
  })
  let metrics: Metrics | undefined
  let linesLost = 0

  /** The gap stands in the log where it is. */
  function tellLost(): void {
    const lines = queue.takeLost()
    if (lines === 0) return
    const line = {
      level: WARN_LEVEL,
      time: Date.now(),
      lines,
      msg: 'LOG: lines lost while it could not be written',
    }
    queue.push(format(`${JSON.stringify(line)}\n`), true)
  }

  function lose(): void {
    linesLost++
    metrics?.count('log_lines_lost_total')
  }

  const output: LogOutput & { readonly [METADATA]: true } = {
    [METADATA]: true,
    lastLevel: 0,
    write(line) {
      tellLost()
      if (queue.push(format(line), output.lastLevel >= WARN_LEVEL)) pump.soon()
      else lose()
    },
    get linesLost() {
      return linesLost
    },
    countInto(into) {
      metrics = into
      // There from the start, so that an alert has something to compare with.
      into.count('log_lines_lost_total', linesLost)
    },
    flush: (limitMs) => pump.flush(limitMs),
    async end(limitMs) {
      if ((await pump.flush(limitMs)) && queue.missing === 0) return
      const lines = queue.missing + pump.linesInHand()
      const told = `kav: ${lines} lines of the log could not be written: nobody reads it, or its disk is full\n`
      // Without waiting: it may be the pipe that nobody reads.
      openFdWriter(STDERR).write(Buffer.from(told), () => undefined)
    },
  }
  process.once('exit', () => pump.flushNow(AT_EXIT_MS))
  return output
}

/** Moves pieces to the writer, one at a time, and tries again what could not be written. */
function createPump(writer: FdWriter, next: () => Buffer | undefined) {
  /** What of a piece is still to be written. */
  let piece: Uint8Array | undefined
  let writing = false
  let scheduled = false
  let retry: NodeJS.Timeout | undefined
  const waiting = new Set<() => void>()

  function soon(): void {
    if (scheduled || writing || retry !== undefined) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      run(PIECES_PER_TURN)
    })
  }

  function run(turns: number): void {
    if (writing || retry !== undefined) return
    if (turns === 0) return soon()
    piece ??= next()
    if (piece === undefined) {
      for (const resolve of waiting) resolve()
      return
    }
    writing = true
    writer.write(piece, (error, written) => {
      writing = false
      if (error) return later(error.code === 'EAGAIN' ? READER_RETRY_MS : FAULT_RETRY_MS)
      piece = rest(piece, written)
      run(turns - 1)
    })
  }

  function later(delayMs: number): void {
    retry = setTimeout(() => {
      retry = undefined
      run(PIECES_PER_TURN)
    }, delayMs)
    // A log that nobody reads is no reason to go on living.
    retry.unref()
  }

  function flush(limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (written: boolean): void => {
        clearTimeout(limit)
        waiting.delete(done)
        resolve(written)
      }
      const done = (): void => settle(true)
      const limit = setTimeout(settle, limitMs, false)
      waiting.add(done)
      clearTimeout(retry)
      retry = undefined
      soon()
    })
  }

  /** Writes what the system takes within `limitMs`, without the event loop: the last words of a process. */
  function flushNow(limitMs: number): void {
    const untilMs = performance.now() + limitMs
    // A piece that the thread pool is writing gets there without us.
    if (writing) piece = undefined
    while ((piece ??= next()) !== undefined) {
      try {
        piece = rest(piece, writer.writeNow(piece))
      } catch (error) {
        const again = (error as NodeJS.ErrnoException).code === 'EAGAIN' && performance.now() < untilMs
        if (!again) return
        sleep(READER_RETRY_MS)
      }
    }
  }

  function linesInHand(): number {
    return piece === undefined ? 0 : Buffer.from(piece).toString('latin1').split('\n').length - 1
  }

  return { soon, flush, flushNow, linesInHand }
}

function rest(piece: Uint8Array | undefined, written: number): Uint8Array | undefined {
  return piece === undefined || written >= piece.length ? undefined : piece.subarray(written)
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
