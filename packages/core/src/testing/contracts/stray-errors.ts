import { AssertionError } from 'node:assert'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long an error may take to surface after the work that caused it. */
const TURNS_AFTER = 5

/** How long a body may take to tidy up after a stray error. */
const GRACE_MS = 3000

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

/**
 * Runs `body` while errors that nobody handles (rejections, throws out of event handlers) are caught here instead of
 * ending the process, as is a `process.exit`, and rejects with the first of them. The process's own listeners are put back afterwards.
 */
export async function catchStrayErrors(body: () => Promise<void>): Promise<void> {
  const kinds = ['unhandledRejection', 'uncaughtException'] as const
  const before = kinds.map((kind) => process.rawListeners(kind))
  let stray: AssertionError | undefined
  let tell: (error: AssertionError) => void = () => {}
  const strayed = new Promise<never>((_resolve, reject) => {
    tell = reject
  })
  strayed.catch(() => {})

  const catcher = (kind: string) => (thrown: unknown) => {
    const said =
      kind === 'unhandledRejection'
        ? 'a promise was rejected and nobody handled it'
        : 'something threw out of an event handler'
    stray ??= new AssertionError({ message: `expected no stray error; ${said}: ${describe(thrown)}` })
    tell(stray)
  }
  for (const kind of kinds) {
    process.removeAllListeners(kind)
    process.on(kind, catcher(kind))
  }
  const exit = process.exit
  process.exit = (code) => {
    const { stack = '' } = new Error(`it called process.exit(${code ?? ''})`)
    stray ??= new AssertionError({ message: `expected the process to go on; ${stack}` })
    tell(stray)
    throw stray
  }
  const running = body()
  try {
    await Promise.race([running, strayed])
    for (let turn = 0; turn < TURNS_AFTER; turn++) await new Promise((resolve) => setImmediate(resolve))
    if (stray !== undefined) throw stray
  } finally {
    // After a stray error the body is still under way, and so may be its next one.
    await Promise.race([running.catch(() => {}), sleep(GRACE_MS, undefined, { ref: false })])
    process.exit = exit
    kinds.forEach((kind, index) => {
      process.removeAllListeners(kind)
      for (const listener of before[index] ?? []) process.on(kind, listener as (thrown: unknown) => void)
    })
  }
}
