import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

/** What who runs a service needs beside it. */
export function addOperatorCommands(program: Command, context: CommandContext): void {
  addAlerts(program, context)
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
