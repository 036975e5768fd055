import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'
import { readEnvironment } from './environment.ts'
import { portNumber } from './port-number.ts'

/** What who runs a service needs beside it. */
export function addOperatorCommands(program: Command, context: CommandContext): void {
  addAlerts(program, context)
  addLogLevel(program, context)
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
    .option('-p, --port <number>', 'its port for calls; PORT or 8080 when absent', portNumber)
    .action(async (level: string, options: object) => {
      const { logLevel } = await import('./commands/log-level.ts')
      onDone(await logLevel(level, options, readEnvironment(env), print))
    })
}
