#!/usr/bin/env node
// Works right after `npm ci` in a checkout: builds what is missing, then runs the command.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const cli = new URL('../dist/cli.js', import.meta.url)

if (existsSync(`${root}turbo.json`) && !existsSync(fileURLToPath(cli))) {
  process.stderr.write('kav: building (once)…\n')
  const built = spawnSync(
    process.execPath,
    [`${root}scripts/turbo.mjs`, 'run', 'build', '--output-logs=errors-only'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
    },
  )
  if (built.status !== 0) process.exit(built.status ?? 1)
}

const { runCli } = await import(cli.href)
process.exitCode = await runCli(process.argv.slice(2))
