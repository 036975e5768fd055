// Whether every regular expression of the sources takes linear time, so that no text from outside can hold the event
// loop. recheck judges; its verdicts are kept in regex/judged.json, since one takes up to seconds. A new expression is
// judged here and now. With --write verdicts of new ones are added and old ones removed; with --all all are judged anew.
// One that is not linear has to be rewritten, or stand in regex/excused.json with the reason why its text is short or
// no stranger's.
process.env.RECHECK_BACKEND = 'pure'
import { readFileSync, writeFileSync } from 'node:fs'
import { findExpressions } from './regex/find-expressions.mjs'
import { root } from './run.mjs'

const JUDGED = `${root}scripts/regex/judged.json`
const EXCUSED = `${root}scripts/regex/excused.json`
const TIMEOUT_MS = 20_000

const write = process.argv.includes('--write')
const judged = new Set(process.argv.includes('--all') ? [] : JSON.parse(readFileSync(JUDGED, 'utf8')))
const excused = JSON.parse(readFileSync(EXCUSED, 'utf8'))
const problems = []
const inUse = new Set()

for (const { file, line, text } of findExpressions()) {
  inUse.add(text)
  if (judged.has(text) || Object.hasOwn(excused, text)) continue
  const fault = text.startsWith('dynamic:') ? 'is made as it runs' : await faultOf(text)
  if (fault !== undefined) problems.push(`${file}:${line}: ${text} ${fault}`)
  else if (write) judged.add(text)
  else problems.push(`${file}:${line}: ${text} is linear, but new: run node scripts/regex.mjs --write`)
}
for (const text of Object.keys(excused)) {
  if (!inUse.has(text)) problems.push(`scripts/regex/excused.json: ${text} is not used any more`)
}
if (write) {
  const kept = [...judged].filter((text) => inUse.has(text) && !Object.hasOwn(excused, text)).sort()
  writeFileSync(JUDGED, `${JSON.stringify(kept, null, 2)}\n`)
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log(`${inUse.size} regular expressions: ok`)

/** What is wrong with it; `undefined` when its time is linear. */
async function faultOf(text) {
  const { checkSync } = await import('recheck')
  const end = text.lastIndexOf('/')
  const result = checkSync(text.slice(1, end), text.slice(end + 1), { timeout: TIMEOUT_MS })
  if (result.status === 'safe') return undefined
  if (result.status === 'vulnerable') return `takes ${result.complexity.summary} time`
  return `cannot be judged: ${result.error.kind}`
}
