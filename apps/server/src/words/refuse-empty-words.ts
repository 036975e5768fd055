import type { Command } from 'commander'

/**
 * An empty word is a variable of a shell that is not set, and never meant: `--host "$HOST"` would listen on all
 * addresses, `--from "$CALLER"` would list the calls of nobody in particular.
 */
export function refuseEmptyWords(program: Command): void {
  program.hook('preAction', (_program, command) => {
    const empty = emptyOption(command) ?? emptyArgument(command)
    if (empty !== undefined) command.error(`error: ${empty} is empty; is a variable of the shell not set?`)
  })
}

/** Of the command and of those it is a part of. */
function emptyOption(command: Command | null): string | undefined {
  if (command === null) return undefined
  const found = command.options.find((option) =>
    [command.getOptionValue(option.attributeName()) as unknown].flat().includes(''),
  )
  return found ? `option '${found.flags}'` : emptyOption(command.parent)
}

function emptyArgument({ args, registeredArguments }: Command): string | undefined {
  const at = args.indexOf('')
  // The last one may stand for any number of them.
  return at < 0 ? undefined : `argument '${(registeredArguments[at] ?? registeredArguments.at(-1))?.name()}'`
}
