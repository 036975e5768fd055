// What is judged without running it: format, rules of the code, who imports whom, types of sources and tests, generated
// files, what is published. A title, a script, its arguments.
const tsc = 'node_modules/typescript/bin/tsc'
const eslint = ['--cache', '--cache-location', '.cache/eslint', '--max-warnings=0', '.']

export const BUILD = ['build', 'scripts/build.mjs']

/** Needs no build. */
export const FORMAT = ['format', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.']

/** Of what is built; the longest first. */
export const CHECKS = [
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
]
