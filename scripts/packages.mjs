// Packs every package and checks what a stranger gets: the manifest, the files, the entry points, their types.
// `--to FOLDER` builds first and leaves the tarballs there, when nothing is wrong with them.
import { resolve } from 'node:path'
import { judgedFromOutside } from './packages/outside-judges.mjs'
import { packChecked } from './packages/pack-checked.mjs'
import { packPackages } from './packages/pack-packages.mjs'
import { brokenRules } from './packages/package-rules.mjs'
import { run } from './run.mjs'

const wanted = process.argv.indexOf('--to')
const named = wanted > 0 ? process.argv[wanted + 1] : undefined
if (wanted > 0 && named === undefined) {
  console.error('name the folder that the packages go to: npm run pack -- --to FOLDER')
  process.exit(2)
}
if (named !== undefined) run('build', 'node', ['scripts/turbo.mjs', 'run', 'build'])
const { problems, tarballs } = await packChecked({
  folder: named && resolve(named),
  pack: packPackages,
  judge: async (one) => [...brokenRules(one), ...(await judgedFromOutside(one))],
})
for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  if (named !== undefined) console.error(`nothing was written to ${named}: mend the above and pack again`)
  process.exit(1)
}
if (named !== undefined) console.log(tarballs.join('\n'))
console.log('packages: ok')
