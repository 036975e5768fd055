#!/usr/bin/env node
// Works right after `npm ci` in a checkout, also with --omit=dev: builds what is missing, then runs the command.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Node would open a debugger's port for it.
process.on('SIGUSR1', () => undefined)
// It never ends a service: one that starts reads its files anyway.
if (process.argv[2] === 'serve') process.on('SIGHUP', () => undefined)

const checkout = fileURLToPath(new URL('../../../', import.meta.url))
const cli = new URL('../dist/cli.js', import.meta.url)
const buildScript = `${checkout}scripts/build.mjs`

if (!existsSync(fileURLToPath(cli)) && existsSync(buildScript)) {
  process.stderr.write('kav: building (once)…\n')
  const { status } = spawnSync(process.execPath, [buildScript], { cwd: checkout, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status ?? 1)
}

const { endProcess, runCli } = await import(cli.href)
await endProcess(await runCli(process.argv.slice(2)))
