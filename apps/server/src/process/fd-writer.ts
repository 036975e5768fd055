import { constants, fstatSync, openSync, write, writeSync } from 'node:fs'
import { isatty } from 'node:tty'

/** Takes bytes to a file descriptor without ever holding the event loop up. */
export interface FdWriter {
  /** Writes some of the bytes; calls back, at once or later, with how many or with why not. One at a time. */
  write(bytes: Uint8Array, done: (error: NodeJS.ErrnoException | undefined, written: number) => void): void
  /** For the last moments of the process. Throws what the system says; `EAGAIN` when it would have to wait. */
  writeNow(bytes: Uint8Array): number
  /** What is best written in one piece. */
  readonly pieceBytes: number
}

/** POSIX: a write of this much to a pipe is done whole or not at all, so no line of the log is ever torn. */
const PIPE_BUF = 4096
const FILE_PIECE = 64 * 1024

/**
 * A pipe, a socket or a terminal is written without blocking: when nobody reads, the system says so at once. Only a
 * file has no such mode, and a file goes through the thread pool, one write at a time.
 */
export function openFdWriter(fd: number): FdWriter {
  const own = withoutBlocking(fd)
  return own === undefined ? poolWriter(fd) : directWriter(own)
}

function directWriter(fd: number): FdWriter {
  return {
    pieceBytes: PIPE_BUF,
    write(bytes, done) {
      let written: number
      try {
        written = writeSync(fd, bytes)
      } catch (error) {
        return done(error as NodeJS.ErrnoException, 0)
      }
      done(undefined, written)
    },
    writeNow: (bytes) => writeSync(fd, bytes),
  }
}

function poolWriter(fd: number): FdWriter {
  return {
    pieceBytes: FILE_PIECE,
    write: (bytes, done) =>
      write(fd, bytes, (error, written) => done(error ?? undefined, error ? 0 : written)),
    writeNow: (bytes) => writeSync(fd, bytes),
  }
}

/** A descriptor of the same pipe, socket or terminal that does not block, or `undefined`. */
function withoutBlocking(fd: number): number | undefined {
  // With bigint: Node 20 keeps the plain figures of the last file that was looked at, and while that is a pipe or a
  // socket its module resolution follows no links, so that a linked plugin would get a second copy of the core.
  const stat = fstatSync(fd, { bigint: true })
  const terminal = isatty(fd)
  if (!terminal && !stat.isFIFO() && !stat.isSocket()) return undefined
  try {
    // One of our own: the flag would otherwise be shared with every process that has this pipe or terminal, and a
    // child that inherits it takes the flag away again.
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    // A socket cannot be opened by name, nor can the pipe of another user.
  }
  if (terminal || (fd !== 1 && fd !== 2)) return undefined
  // Node takes a pipe or socket out of blocking mode as it makes its stream.
  return (fd === 1 ? process.stdout : process.stderr).destroyed ? undefined : fd
}
