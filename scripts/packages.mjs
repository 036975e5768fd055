// Packs every package and checks what a stranger gets: the manifest, the files, the entry points, their types.
// `--to FOLDER` leaves the tarballs there.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { judgedFromOutside } from './packages/outside-judges.mjs'
import { packPackages } from './packages/pack-packages.mjs'
import { brokenRules } from './packages/package-rules.mjs'

const wanted = process.argv.indexOf('--to')
const folder = wanted > 0 ? resolve(process.argv[wanted + 1]) : mkdtempSync(join(tmpdir(), 'kav-packages-'))
const problems = []
try {
  const packages = packPackages(folder)
  for (const one of packages) problems.push(...brokenRules(one), ...(await judgedFromOutside(one)))
  if (wanted > 0) console.log(packages.map(({ tarball }) => tarball).join('\n'))
} finally {
  if (wanted < 0) rmSync(folder, { recursive: true })
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log('packages: ok')
