import type { Command } from 'commander'

/**
 * The words of a command line in which help is asked for, so that it is had on what is named: `kav help plugin new` is
 * `kav plugin new --help`, and of a command that does not exist there is none, but an error that says so.
 */
export function withAskedHelp(program: Command, argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv
  const words = first === 'help' && rest.length > 0 ? [...rest, '--help'] : argv
  return wordsToUnknown(program, words) ?? words
}

/** Up to the first name that is no command's, where one is expected; without the rest, which may ask for help. */
function wordsToUnknown(program: Command, words: readonly string[]): readonly string[] | undefined {
  let command = program
  for (const [at, word] of words.entries()) {
    if (command.commands.length === 0 || word.startsWith('-') || word === 'help') return undefined
    const next = command.commands.find((one) => one.name() === word)
    if (next === undefined) return words.slice(0, at + 1)
    command = next
  }
  return undefined
}
