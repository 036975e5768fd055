import { type Command, Option } from 'commander'
import { countUpTo } from './words/count-of.ts'
import type { CommandContext } from './command-context.ts'
import { readEnvironment } from './environment.ts'
import { takenPort } from './words/port-number.ts'

/** More than a process has ports for. */
const MOST_CALLS = 50_000
const LONGEST_STEP_S = 3600

/** What who runs a service needs beside it. */
export function addOperatorCommands(program: Command, context: CommandContext): void {
  addAlerts(program, context)
  addLogLevel(program, context)
  addBench(program, context)
}

function addBench(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('bench')
    .description('measure on this machine, with nothing else on it: how many calls one process carries')
    .argument('[pipeline]', 'the pipeline file; the demo when absent')
    .option('--capacity', 'more and more calls until a limit is crossed; prints limits: for the file')
    .addOption(
      new Option('--providers <whose>', 'stand-ins, or those of the file, which may cost money')
        .choices(['simulated', 'own'])
        .default('simulated'),
    )
    .option('--first <calls>', 'so many at first', countUpTo(MOST_CALLS), 10)
    .option('--most <calls>', 'so many at most', countUpTo(MOST_CALLS), 1000)
    .option('--seconds <seconds>', 'of each step', countUpTo(LONGEST_STEP_S), 10)
    .option('--json', 'print every step as JSON')
    .action(async (pipeline: string | undefined, options: BenchOptions) => {
      const { bench } = await import('./commands/bench.ts')
      onDone(await bench(pipeline, options, env, print))
    })
}

/** As in `commands/bench.ts`, which only its command loads. All have a default but the first and the last. */
interface BenchOptions {
  readonly capacity?: boolean
  readonly providers: 'simulated' | 'own'
  readonly first: number
  readonly most: number
  readonly seconds: number
  readonly json?: boolean
}

function addAlerts(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('alerts')
    .description(
      'print alert rules for Prometheus: those of any service, and of what the pipelines promise in slo',
    )
    .argument('[pipelines...]', 'pipeline files, or folders of them')
    .option('--kubernetes', 'as the Prometheus Operator takes them')
    .action(async (paths: string[], options: { kubernetes?: boolean }) => {
      const { alerts } = await import('./commands/alerts.ts')
      onDone(await alerts(paths, options, env, print, (line) => void process.stderr.write(`${line}\n`)))
    })
}

function addLogLevel(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('log-level')
    .description('have the kav serve of this machine log more, or less, for a while')
    .argument('<level>', 'trace, debug, info, warn, error, fatal or silent')
    .option('--call <id>', 'lines of this call alone')
    .option('--plugin <name>', 'lines of this plugin alone, such as google-stt')
    .option('--for <time>', 'how long, a day at most: 30s, 10m, 2h, 1d', '10m')
    .option('-p, --port <number>', 'its port for calls; PORT or 8080 when absent', takenPort)
    .action(async (level: string, options: object) => {
      const { logLevel } = await import('./commands/log-level.ts')
      onDone(await logLevel(level, options, readEnvironment(env), print))
    })
}
