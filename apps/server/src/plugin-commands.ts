import type { Command } from 'commander'
import type { CommandContext } from './command-context.ts'

/** `kav plugin …`: what authors of plugins use. */
export function addPluginCommands(program: Command, { print, onDone }: CommandContext): void {
  const plugin = program.command('plugin').description('for authors of plugins')
  plugin
    .command('new')
    .description(
      'begin a plugin: a package that works, with the double of a service and the contract of its kind',
    )
    .argument('<name>', 'of the npm package: my-stt, @acme/kav-stt')
    .option('--kind <kind>', 'stt, llm, tts, vad, turn, denoise, tool, transport or realtime')
    .option('--lang <language>', 'js or ts', 'js')
    .option('--dir <folder>', "where to; a folder of the package's name when absent")
    .action(async (name: string, options: { kind?: string; lang?: string; dir?: string }) => {
      const { newPlugin } = await import('create-kav-plugin')
      onDone(newPlugin({ name, ...options }, print))
    })
  plugin
    .command('check')
    .description('run the contract suite of a plugin: what it promises and keeps, with figures')
    .argument('[path]', 'folder of the package, or its contract module', '.')
    .option('--no-write', 'write no conformance.json into the package')
    .action(async (path: string, options: { write: boolean }) => {
      const { pluginCheck } = await import('./commands/plugin-check.ts')
      onDone(await pluginCheck(path, options, print))
    })
  plugin
    .command('doc')
    .description("write a plugin's table of params into its README.md, behind <!-- params -->")
    .argument('[folder]', 'of the package', '.')
    .option('--check', 'write nothing: exit code 1 when the table is another')
    .action(async (folder: string, options: { check?: boolean }) => {
      const { pluginDoc } = await import('./commands/plugin-doc.ts')
      onDone(await pluginDoc(folder, options, print))
    })
}
