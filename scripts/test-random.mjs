// `npm run test:random`: the property tests with many seeds. Each seed is printed as its run begins; the failed ones
// are told at the end with the command that repeats them.
//   npm run test:random -- --count 50          fifty random seeds (default 10)
//   npm run test:random -- --seed 123          this one; with --count, this one and those after it
//   npm run test:random -- packages/phone      only what lies under this path
import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { root, tryRun } from './run.mjs'
import { testSeed } from './test-seed.mjs'

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string' }, count: { type: 'string' } },
  allowPositionals: true,
})
const count = Number(values.count ?? (values.seed === undefined ? 10 : 1))
if (!Number.isInteger(count) || count < 1) throw new Error(`--count ${values.count}: a whole number from 1`)
const first = values.seed === undefined ? undefined : testSeed(values.seed)

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && /from 'fast-check'/.test(readFileSync(root + file, 'utf8')))
  .filter((file) => positionals.length === 0 || positionals.some((path) => file.startsWith(path)))
if (files.length === 0) throw new Error(`no property tests under ${positionals.join(', ')}`)

const failed = []
for (let run = 0; run < count; run++) {
  const seed = first === undefined ? randomInt(-(2 ** 31), 2 ** 31) : (first + run) | 0
  console.log(`\n▸ ${files.length} files with properties, seed ${seed} (${run + 1} of ${count})`)
  const env = { ...process.env, KAV_TEST_SEED: String(seed) }
  if (tryRun('vitest', ['run', '--reporter=dot', ...files], { env }) !== 0) failed.push(seed)
}
for (const seed of failed) console.error(`✘ seed ${seed}: npm run test:random -- --seed ${seed}`)
if (failed.length > 0) process.exit(1)
console.log(`\n${count} seeds: ok`)
