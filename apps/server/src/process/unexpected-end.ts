import { pluginAtWork } from '@kav/core/host'

/** Node's own code for a program that waits for what can never come. */
const NOTHING_LEFT = 13

/**
 * Says so where the process ends before a command has: a plugin that ends it, or promises what never comes, would look
 * like success, or like nothing at all. Returns what to call once the command is done.
 */
export function tellUnexpectedEnd(command: string): () => void {
  const tell = (code: number): void => {
    const isStuck = process.exitCode === NOTHING_LEFT
    const why = isStuck
      ? 'nothing is left that it could wait for: a promise of a plugin never settles'
      : `${whoEnded()} called process.exit(${code})`
    process.stderr.write(`kav ${command}: ended before it was done: ${why}\n`)
    if (code === 0) process.exitCode = 1
  }
  process.once('exit', tell)
  return () => void process.removeListener('exit', tell)
}

function whoEnded(): string {
  const plugin = pluginAtWork()
  return plugin === undefined ? 'something that was run for it, a plugin perhaps,' : `plugin "${plugin.name}"`
}
