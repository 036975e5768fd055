/** Starts the checks on the Node that KAV_NODE22 names; without it, on the one that runs this. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('refused-upgrade.mjs', import.meta.url))
const { status } = spawnSync(process.env.KAV_NODE22 ?? process.execPath, [script], {
  stdio: 'inherit',
  timeout: 60_000,
})
process.exitCode = status ?? 1
