// What no linter looks at: registry hosts in the lock file, licences, file sizes in the pipeline.
import { readFileSync } from 'node:fs'
import { root } from './run.mjs'

const problems = []
const lock = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'))
for (const [path, entry] of Object.entries(lock.packages)) {
  if (typeof entry.resolved === 'string' && /^https?:/.test(entry.resolved)) {
    problems.push(
      `package-lock.json: ${path} names a registry host; run npm install --omit-lockfile-registry-resolved`,
    )
  }
  if (
    !entry.dev &&
    typeof entry.license === 'string' &&
    /\bA?GPL\b/.test(entry.license) &&
    !/\bLGPL\b/.test(entry.license)
  ) {
    problems.push(`package-lock.json: ${path} is ${entry.license}; the default dependency tree takes no GPL`)
  }
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log('lock file and licences: ok')
