import type { Clock, PluginContext } from '../../../contracts/index.ts'
import { createTestLogger } from '../../test-logger.ts'
import { createTestMetrics } from '../../test-metrics.ts'
import { createRealClock } from '../../test-context.ts'
import { expect } from './contract-case.ts'
import { type ProcessState, processState } from './process-watch.ts'
import { shapesOfSecret, shapesOfWords } from './disguises.ts'
import { stringsIn } from './strings-in.ts'

/** What a suite lends one provider. */
export interface Lent {
  readonly context: PluginContext
  /** Timers that wait on its clock. */
  readonly pendingTimers: number
}

/** What the providers of a suite logged and counted, and what was said to them and by them. */
export interface Witness {
  lend(): Lent
  /** The process before anything was lent. */
  readonly before: ProcessState
  /** Something that a person or the agent said. */
  heard(...texts: readonly string[]): void
  /** Something that was printed meanwhile. */
  printed(text: string): void
  /** What all counters whose names end so have come to. */
  counted(ending: string): number
  /** No log line, no metric and none of `thrown` holds a secret. */
  expectNoSecret(secrets: readonly string[], thrown: readonly unknown[]): void
  /** What was heard stands under `private` alone. */
  expectPrivate(): void
}

/** Shorter ones turn up by chance. */
const MIN_CHARS = 6

export function createWitness(): Witness {
  const log = createTestLogger()
  const metrics = createTestMetrics()
  const said = new Set<string>()
  const output: string[] = []
  let before: ProcessState | undefined

  /** Every text that was logged or counted, and where. */
  function* written(isPrivateToo: boolean): Generator<readonly [where: string, text: string]> {
    for (const { message, fields } of log.entries) {
      yield ['a log message', message]
      const shown = isPrivateToo ? fields : { ...fields, private: undefined }
      for (const text of stringsIn(shown)) yield [`the fields of the log line "${message}"`, text]
    }
    for (const text of output) yield ['what was printed', text]
    for (const { name, labels } of metrics.all()) {
      for (const text of [name, ...Object.values(labels)]) yield [`the metric ${name}`, text]
    }
  }

  function expectNone(
    found: Iterable<readonly [string, string]>,
    shapes: readonly string[],
    what: string,
  ): void {
    for (const [where, text] of found) {
      const small = text.toLowerCase()
      expect(!shapes.some((shape) => small.includes(shape)), `no ${what} in ${where}`, 'there is one')
    }
  }

  return {
    get before() {
      return (before ??= processState())
    },
    lend() {
      before ??= processState()
      const { clock, pending } = watchClock(createRealClock())
      const context = { log, metrics, clock, baseDir: process.cwd() }
      return {
        context,
        get pendingTimers() {
          return pending.size
        },
      }
    },
    heard(...texts) {
      for (const text of texts) if (text.trim().length >= MIN_CHARS) said.add(text.trim())
    },
    printed(text) {
      output.push(text)
    },
    counted: (ending) =>
      metrics.all().reduce((sum, { name, value }) => (name.endsWith(ending) ? sum + value : sum), 0),
    expectNoSecret(secrets, thrown) {
      const inErrors = thrown.flatMap((error) =>
        [...stringsIn(error)].map((text) => ['an error', text] as const),
      )
      const plain = [...written(true), ...inErrors]
      const decoded = plain.flatMap(([where, text]) =>
        encodedIn(text).map((inner) => [where, inner] as const),
      )
      expectNone([...plain, ...decoded], secrets.flatMap(shapesOfSecret), 'secret')
    },
    expectPrivate: () =>
      expectNone(written(false), [...said].flatMap(shapesOfWords), 'words of the conversation'),
  }
}

/** What stands in a text in base64: the header of a login hides its key so. */
function encodedIn(text: string): readonly string[] {
  const found = text.match(/[A-Za-z0-9+/_-]{12,}={0,2}/g) ?? []
  return found.map((part) => Buffer.from(part, 'base64').toString('latin1'))
}

/** The same clock, whose waiting timers can be counted. */
function watchClock(clock: Clock): { clock: Clock; pending: ReadonlySet<() => void> } {
  const pending = new Set<() => void>()
  return {
    pending,
    clock: {
      ...clock,
      after(delayMs, callback) {
        const cancel = clock.after(delayMs, () => {
          pending.delete(cancel)
          callback()
        })
        pending.add(cancel)
        return () => {
          pending.delete(cancel)
          cancel()
        }
      },
    },
  }
}
