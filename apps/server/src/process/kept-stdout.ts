import { Writable } from 'node:stream'

/** Writes to standard output, past what plugins print. */
export type WriteStdout = (text: string | Uint8Array, done?: (error?: Error | null) => void) => boolean

type Write = typeof process.stdout.write

/** What redirects, and what it stands for. */
const own = new WeakMap<Write, Write>()

/**
 * Keeps standard output for what Kav itself says, which may be data: JSON, or messages of a protocol. What anybody else
 * writes there, by `console` or `process.stdout.write`, goes to standard error from now on.
 */
export function keepStdout(): WriteStdout {
  const current = process.stdout.write
  const write = own.get(current) ?? current
  if (write === current) {
    const toStderr = ((...args: Parameters<Write>) => process.stderr.write(...args)) as Write
    own.set(toStderr, current)
    process.stdout.write = toStderr
  }
  return (text, done) => write.call(process.stdout, text, done as never)
}

/** The same as a stream, for whoever waits for its `drain`, however many at once. */
export function stdoutStream(write: WriteStdout): Writable {
  // A reader that is gone is told by `process.stdout` itself.
  const stream = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => void write(chunk, () => done()),
  })
  return stream.setMaxListeners(0)
}
