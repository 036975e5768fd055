import { type Command, Option } from 'commander'
import { countUpTo } from './words/count-of.ts'
import type { CommandContext } from './command-context.ts'
import { OUTCOMES } from './call-outcomes.ts'

const MOST_LISTED = 1_000_000
const PIPELINE = 'whose store is meant; the pipelines of this folder when absent'

/** `kav calls …`: the history of calls. An option of `kav calls` may stand behind the name of a part of it. */
export function addCallsCommands(program: Command, { env, print, onDone }: CommandContext): void {
  const calls = withFilters(program.command('calls'))
    .description('calls that were kept, the last first; all that is named must hold')
    .option('--limit <count>', 'so many at most', countUpTo(MOST_LISTED), 20)
    .option('--json', 'print them as JSON')
    .action(async (options: { limit: number }) => {
      const { listCalls } = await import('./commands/calls.ts')
      onDone(await listCalls(options, env, print))
    })
  calls
    .command('show')
    .description('one call: who, what was said and heard, how long answers took, tools, cost')
    .argument('<id>', "the carrier's id of the call")
    .option('--json', 'print its record as JSON')
    .option('--pipeline <file>', PIPELINE)
    .action(async (id: string, _options: object, command: Command) => {
      const { showCall } = await import('./commands/calls.ts')
      onDone(await showCall(id, command.optsWithGlobals(), env, print))
    })
  withFilters(calls.command('export'))
    .description('print the records of calls, a line each')
    .addOption(new Option('--format <format>', 'how').choices(['json', 'csv']).default('json'))
    .action(async (_options: object, command: Command) => {
      const { exportCalls } = await import('./commands/calls.ts')
      onDone(await exportCalls(command.optsWithGlobals(), env, print))
    })
  calls
    .command('erase')
    .description('erase every call from or to a number, in the store and in files, and say what is gone')
    .requiredOption('--caller <number>', 'as the carrier writes it: +15551234567')
    .option('--pipeline <file>', PIPELINE)
    .action(async (_options: object, command: Command) => {
      const { eraseCalls } = await import('./commands/calls.ts')
      onDone(await eraseCalls(command.optsWithGlobals(), env, print))
    })
}

function withFilters(command: Command): Command {
  return command
    .option('--since <when>', 'began at 12h, 7d, 4w ago or at this date, or later')
    .option('--until <when>', 'began before')
    .option('--from <number>', 'who called')
    .option('--to <number>', 'the number that was called')
    .option('--text <words>', 'words that were said; each may be the beginning of one')
    .option('--outcome <word>', `why it ended: ${OUTCOMES.join(', ')}`)
    .option('--slow <ms>', 'an answer took so long at least')
    .option('--name <pipeline>', 'of the pipeline of this name')
    .option('--pipeline <file>', PIPELINE)
}
