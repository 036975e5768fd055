/** What is thrown where something calls `process.exit` that may not. */
export class RefusedExit extends Error {
  override readonly name = 'RefusedExit'
}

type Refused = (error: RefusedExit) => void

const guards = new Set<Refused>()
let exit = process.exit

/**
 * From now on nothing but Kav itself (`endProcess`) ends the process: a plugin that does, or an SDK below it with a
 * handler of its own for signals, would cut every call. It is thrown a `RefusedExit`, and `onRefused` is told of it.
 * Returns the end of this.
 */
export function refuseExits(onRefused: Refused): () => void {
  if (guards.size === 0) {
    exit = process.exit
    process.exit = refuse
  }
  guards.add(onRefused)
  return () => {
    guards.delete(onRefused)
    if (guards.size === 0 && process.exit === refuse) process.exit = exit
  }
}

const refuse: typeof process.exit = (code) => {
  const error = new RefusedExit(
    `process.exit(${code ?? process.exitCode ?? 0}) was called and refused: it would end every call`,
  )
  // It is told with the place that called, not with this one.
  Error.captureStackTrace(error, refuse)
  // Two guards overlap while a service starts; the newer one knows more.
  const [newest] = [...guards].reverse()
  newest?.(error)
  throw error
}
