// Format, rules of the code, who imports whom, types of sources and tests, generated files, what is published.
import { runTogether } from './run.mjs'

const tsc = 'node_modules/typescript/bin/tsc'
const eslint = ['--cache', '--cache-location', '.cache/eslint', '--max-warnings=0', '.']

// The longest first, as soon as there is a build; the format has no need of one.
await runTogether(
  [
    ['code rules', 'node_modules/eslint/bin/eslint.js', ...eslint],
    ['types', tsc, '-p', 'tsconfig.check.json'],
    ['packages', 'scripts/packages.mjs'],
    [
      'import rules',
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'packages', 'apps'],
    ],
    ['types of the console', tsc, '-p', 'apps/console/tsconfig.test.json'],
    ['regular expressions', 'scripts/regex.mjs'],
    ['generated files', 'scripts/generate.mjs', '--check'],
    ['supply chain', 'scripts/supply-chain.mjs'],
    ['the tree', 'scripts/check-tree.mjs'],
  ],
  {
    first: ['build', 'scripts/build.mjs'],
    beside: ['format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  },
)
