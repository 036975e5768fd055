import { safely } from './safely.ts'

const MAX_FRAMES = 10
const FRAME = /^\s+at [^\n]*:\d+:\d+\)?$/

/**
 * Where an error was thrown, innermost first: the lines of its stack, and not its message, which may hold what a person
 * said. Empty for what has no stack. Never throws.
 */
export function framesOf(thrown: unknown): readonly string[] {
  const frames = safely(() => {
    if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return []
    // A message may hold lines that look like frames.
    const told = thrown.stack.indexOf(thrown.message)
    const below = told < 0 ? thrown.stack : thrown.stack.slice(told + thrown.message.length)
    return below.split('\n').filter((line) => FRAME.test(line))
  })
  return (frames ?? []).slice(0, MAX_FRAMES).map((line) => line.trim())
}
