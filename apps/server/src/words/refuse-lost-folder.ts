import type { Command } from 'commander'

/** Where the folder that a shell stands in was removed, every path fails, and by a message that names none. */
export function refuseLostFolder(program: Command): void {
  program.hook('preAction', (_program, command) => {
    try {
      process.cwd()
    } catch {
      command.error('error: the folder that this was started in is gone; cd to one that is there')
    }
  })
}
