import { AssertionError } from 'node:assert'
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long an error may take to surface after the work that caused it. */
const TURNS_AFTER = 5

/** How long a body may take to tidy up after a stray error. */
const GRACE_MS = 3000

/** Errors that surfaced when their case was over, one line each. */
export interface LateErrors {
  readonly lines: string[]
  /** They have been told; who is next has to be told of any more. */
  areTold: boolean
}

/** Whose work it is that runs, and where errors go that surface once it is over. */
export interface StrayOrigin {
  readonly name: string
  readonly late: LateErrors
}

const KINDS = ['unhandledRejection', 'uncaughtException'] as const
type StrayKind = (typeof KINDS)[number]

/** What follows from a case carries its name, also behind its end: in timers, promises and handlers. */
const origins = new AsyncLocalStorage<StrayOrigin>()

function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

function sentenceOf(kind: StrayKind, thrown: unknown): string {
  const said =
    kind === 'unhandledRejection'
      ? 'a promise was rejected and nobody handled it'
      : 'something threw out of an event handler'
  return `${said}: ${describe(thrown)}`
}

/** Has every stray error told to `take` in the place of whoever listens; gives what puts them back. */
function replaceListeners(take: (kind: StrayKind, thrown: unknown, others: () => void) => void): () => void {
  const before = KINDS.map((kind) => process.rawListeners(kind) as ((...args: unknown[]) => void)[])
  KINDS.forEach((kind, index) => {
    process.removeAllListeners(kind)
    process.on(kind, (thrown: unknown, ...rest: unknown[]) =>
      take(kind, thrown, () => {
        for (const listener of before[index]!) listener.call(process, thrown, ...rest)
      }),
    )
  })
  return () =>
    KINDS.forEach((kind, index) => {
      process.removeAllListeners(kind)
      for (const listener of before[index]!) process.on(kind, listener)
    })
}

/** Between two cases: what one of them left behind is noted for it; anything else goes to whoever listens. Gives the end. */
export function noteLateErrors(): () => void {
  return replaceListeners((kind, thrown, others) => {
    const from = origins.getStore()
    if (from === undefined || from.late.areTold) others()
    else from.late.lines.push(leftBy(from, kind, thrown))
  })
}

function leftBy({ name }: StrayOrigin, kind: StrayKind, thrown: unknown): string {
  return `the case "${name}" left one behind: ${sentenceOf(kind, thrown)}`
}

/**
 * Runs `body` while errors that nobody handles (rejections, throws out of event handlers) are caught here instead of
 * ending the process, as is a `process.exit`, and rejects with the first of them. One that another case has left behind
 * is noted for that case. The process's own listeners are put back afterwards.
 */
export async function catchStrayErrors(body: () => Promise<void>, own?: StrayOrigin): Promise<void> {
  let stray: AssertionError | undefined
  let tell: (error: AssertionError) => void = () => {}
  const strayed = new Promise<never>((_resolve, reject) => {
    tell = reject
  })
  strayed.catch(() => {})

  const putBack = replaceListeners((kind, thrown) => {
    const from = origins.getStore()
    const isOfAnother = from !== undefined && from !== own
    if (isOfAnother && !from.late.areTold) return void from.late.lines.push(leftBy(from, kind, thrown))
    const told = isOfAnother ? leftBy(from, kind, thrown) : sentenceOf(kind, thrown)
    stray ??= new AssertionError({ message: `expected no stray error; ${told}` })
    tell(stray)
  })
  const exit = process.exit
  process.exit = (code) => {
    const { stack = '' } = new Error(`it called process.exit(${code ?? ''})`)
    stray ??= new AssertionError({ message: `expected the process to go on; ${stack}` })
    tell(stray)
    throw stray
  }
  const running = own === undefined ? body() : origins.run(own, body)
  try {
    await Promise.race([running, strayed])
    for (let turn = 0; turn < TURNS_AFTER; turn++) await new Promise((resolve) => setImmediate(resolve))
    if (stray !== undefined) throw stray
  } finally {
    // After a stray error the body is still under way, and so may be its next one.
    await Promise.race([running.catch(() => {}), sleep(GRACE_MS, undefined, { ref: false })])
    process.exit = exit
    putBack()
  }
}
