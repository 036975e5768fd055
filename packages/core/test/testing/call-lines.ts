import type { LogFields, Logger } from '../../src/index.ts'
import type { ContractCase } from '../../src/testing/index.ts'
import { expect } from 'vitest'

/** Lines of what all calls of a process share: its engines, its servers, its keys. */
const OF_NO_CALL = [
  /^(STT|TTS|VAD|turn|Denoise) worker (died|sent an odd message)/,
  /^MCP: the server /,
  /^the model could not be warmed up$/,
  /^Azure token file cannot be used$/,
  /^TWILIO: signature refused/,
  /^PROVIDER: /,
]

interface Line {
  readonly message: string
  readonly fields: LogFields
}

/**
 * The cases of a suite, faults of far ends among them, and one more behind them: each line that the providers wrote
 * meanwhile has the id of its call, and nothing was printed beside the log, where no call can be told of it.
 */
export function withCallLines<Options extends object>(
  suite: (options: Options) => readonly ContractCase[],
  options: Options,
): readonly ContractCase[] {
  const lines: Line[] = []
  const printed: string[] = []
  const cases = suite(overheard(options, lines)).map((one) => ({
    ...one,
    run: () => withoutPrinting(printed, () => one.run()),
  }))
  const run = async (): Promise<void> => {
    // What a library tells of a fault may come a little later.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const ofCalls = lines.filter(({ message }) => !OF_NO_CALL.some((known) => known.test(message)))
    expect(ofCalls.filter(({ fields }) => typeof fields['call'] !== 'string')).toEqual([])
    expect(printed).toEqual([])
  }
  return [...cases, { name: 'every line of a call has its id', proves: [], timeoutMs: 10_000, run }]
}

/** The same ways to make a provider, whose log is read on the way to where it goes. */
function overheard<Options extends object>(options: Options, lines: Line[]): Options {
  const wrapped = Object.entries(options).map(([name, value]: [string, unknown]) => {
    if (!name.startsWith('create') || typeof value !== 'function') return [name, value]
    const make = value as (...args: readonly unknown[]) => unknown
    return [name, (...args: readonly unknown[]) => make(...args.map((one) => contextOf(one, lines)))]
  })
  return Object.fromEntries(wrapped) as Options
}

function contextOf(given: unknown, lines: Line[]): unknown {
  if (typeof given !== 'object' || given === null || !('log' in given)) return given
  return { ...given, log: tee(given.log as Logger, lines, {}) }
}

function tee(log: Logger, lines: Line[], own: LogFields): Logger {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      lines.push({ message, fields: { ...own, ...fields } })
      log[level](fields, message)
    }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => tee(log.child(fields), lines, { ...own, ...fields }),
  }
}

const PRINTS = ['debug', 'log', 'info', 'warn', 'error'] as const

async function withoutPrinting(printed: string[], body: () => Promise<void>): Promise<void> {
  const before = PRINTS.map((name) => console[name])
  const onWarning = (warning: Error): void => void printed.push(String(warning))
  for (const name of PRINTS) console[name] = (...said) => void printed.push(`${name}: ${said.join(' ')}`)
  process.on('warning', onWarning)
  try {
    await body()
  } finally {
    for (const [index, name] of PRINTS.entries()) console[name] = before[index]!
    process.off('warning', onWarning)
  }
}
