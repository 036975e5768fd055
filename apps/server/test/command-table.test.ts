import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import type { CommandContext } from '../src/command-context.ts'
import { addCommands } from '../src/command-line.ts'

it('the table of commands in docs/operating.md has each command, and none that there is not', () => {
  const program = new Command('kav')
  addCommands(program, {} as CommandContext)
  const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `kav ([a-z-]+)/gm)].map(([, name]) => name)
  expect([...new Set(rows)].sort()).toEqual(program.commands.map((one) => one.name()).sort())
})
