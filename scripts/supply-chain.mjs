// What is installed with Kav: licences, install scripts, known faults, and the list of it all (an SBOM).
//   node scripts/supply-chain.mjs            part of lint
//   node scripts/supply-chain.mjs --sbom     writes .cache/sbom.cdx.json (CycloneDX); what only development needs is marked there
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { root } from './run.mjs'
import { lockProblems } from './supply-chain/lock-problems.mjs'
import { unexplainedFaults } from './supply-chain/known-faults.mjs'

const read = (file) => JSON.parse(readFileSync(root + file, 'utf8'))
const lock = read('package-lock.json')
const rules = read('scripts/supply-chain/rules.json')
const problems = lockProblems(lock, rules, read('package.json').allowScripts)
const notes = []

const audit = npm(['audit', '--json'])
const { faults, note } = unexplainedFaults(audit, rules.explainedFaults)
problems.push(...faults)
if (note) notes.push(note)

// Whole: npm's `--omit dev` also leaves out what both a package and its tests depend on.
const sbom = npm(['sbom', '--sbom-format', 'cyclonedx'])
const listed = new Set((sbom?.components ?? []).map(({ name, group }) => (group ? `${group}/${name}` : name)))
for (const [path, entry] of Object.entries(lock.packages)) {
  const name = entry.name ?? path.split('node_modules/').at(-1)
  // What is optional or a peer may not be installed on this machine.
  if (!path.includes('node_modules/') || entry.link || entry.optional || entry.devOptional || entry.peer)
    continue
  if (!listed.has(name)) problems.push(`npm sbom does not list ${name}, which is installed with Kav`)
}
if (process.argv.includes('--sbom')) {
  mkdirSync(`${root}.cache`, { recursive: true })
  writeFileSync(`${root}.cache/sbom.cdx.json`, `${JSON.stringify(sbom, null, 2)}\n`)
  notes.push(`${listed.size} packages stand in .cache/sbom.cdx.json`)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log(['licences, install scripts, SBOM: ok', ...notes].join('; '))

/** What npm prints as JSON; undefined when it prints something else. */
function npm(args) {
  const { stdout } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })
  try {
    return JSON.parse(stdout)
  } catch {
    return undefined
  }
}
