import { CALL_EVENTS, type CallEvent } from '@kav/core/host'
import type { CommandContext } from '../command-context.ts'
import { createFreshImport } from '../dev/fresh-import.ts'
import type { ProcessSettings } from '../environment.ts'
import { liveLine } from '../live-view.ts'
import type { ReloadOutcome } from '../service/reloader.ts'
import { serve, type ServeOptions } from './serve.ts'

/**
 * `kav dev`: `kav serve` in one process for whoever writes a pipeline or a plugin. A change of the YAML, of `.env` or of a
 * plugin's source is taken for new calls, and running ones end on what they began with; a mistake is printed, and all
 * goes on as it was, or waits where nothing runs yet. Prints every call as it happens, words too: for the terminal of the
 * one who writes.
 */
export async function dev(
  paths: readonly string[],
  options: Pick<ServeOptions, 'port' | 'host' | 'envFile'>,
  settings: ProcessSettings,
  { print, reveal }: Pick<CommandContext, 'print' | 'reveal'>,
): Promise<number> {
  const fresh = createFreshImport()
  const logLevel = settings.env['LOG_LEVEL'] ? settings.logLevel : 'warn'
  return await serve(
    paths,
    {
      ...options,
      host: options.host ?? '127.0.0.1',
      workers: 1,
      watch: true,
      dev: {
        ...fresh,
        onReady(port, phone) {
          print(`ready for calls on port ${port}; waiting for changes`)
          // On a terminal it has the token in it, which `print` would hide.
          if (phone !== undefined) reveal(`talk to it: ${phone}`)
        },
        onRefused(problems) {
          for (const problem of problems) print(problem)
          print('nothing runs yet; waiting for changes')
        },
        onReload: (outcome) => tellReload(outcome, print),
        onEvent: (event) => tellEvent(event, print),
      },
    },
    { ...settings, logLevel },
  )
}

function tellReload(outcome: ReloadOutcome, print: (line: string) => void): void {
  if (!outcome.ok) {
    for (const problem of outcome.problems) print(problem)
    return print('not taken: all goes on as it was')
  }
  for (const warning of outcome.warnings) print(warning)
  print('taken: new calls run on it')
}

function tellEvent(event: CallEvent, print: (line: string) => void): void {
  // One a second each way: for who looks for a fault of the line.
  if (event.event === 'rx_second' || event.event === 'tx_second') return
  const line = CALL_EVENTS[event.event].level === 'debug' ? undefined : liveLine(event)
  if (line !== undefined) print(line)
}
