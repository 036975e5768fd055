// Format, rules of the code, who imports whom, types of sources and tests, generated files, what is published.
import { run, runTogether } from './run.mjs'

run('build', 'node', ['scripts/turbo.mjs', 'run', 'build', '--output-logs=errors-only'])
run('format', 'prettier', ['--check', '--log-level=warn', '.'])
const eslint = ['--cache', '--cache-location', '.cache/eslint', '--max-warnings=0', '.']
// Each takes one core, and the longest of all.
await runTogether([
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.check.json'],
  ['types of the console', 'node_modules/typescript/bin/tsc', '-p', 'apps/console/tsconfig.test.json'],
  ['code rules', 'node_modules/eslint/bin/eslint.js', ...eslint],
])
run('import rules', 'depcruise', [
  '--config',
  '.dependency-cruiser.cjs',
  '--output-type',
  'err',
  'packages',
  'apps',
])
run('generated files', 'node', ['scripts/generate.mjs', '--check'])
run('the tree', 'node', ['scripts/check-tree.mjs'])
run('supply chain', 'node', ['scripts/supply-chain.mjs'])
run('regular expressions', 'node', ['scripts/regex.mjs'])
run('packages', 'node', ['scripts/packages.mjs'])
