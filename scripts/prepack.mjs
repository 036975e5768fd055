// Before a package is packed or published, in its folder: builds it and takes out of dist what has no source any more.
import { publishablePackages, removeStaleFiles } from './packages/publishable-packages.mjs'
import { run } from './run.mjs'

const here = publishablePackages().find(({ folder }) => folder === process.cwd())
if (here === undefined) throw new Error(`${process.cwd()} is not the folder of a package`)
run(`build ${here.name}`, 'node', ['scripts/turbo.mjs', 'run', 'build', `--filter=${here.name}`])
for (const file of removeStaleFiles(here)) console.error(`removed ${file}: its source is gone`)
