// The long run of the chaos suite: every crossing between core and plugins, broken in every way (`npm test` breaks one
// crossing of each place). Nothing is measured: it passes or names what did not hold.
//
//   node bench/chaos.mjs
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { status } = spawnSync(`${root}node_modules/.bin/vitest`, ['run', 'packages/core/test/chaos'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, KAV_CHAOS: 'long' },
})
process.exit(status ?? 1)
