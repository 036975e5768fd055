// The build where only what runs is installed (`npm ci --omit=dev`), and on a clean checkout before the tests: one
// compiler for all packages, a third of what one for each takes, that leaves the judging of types to `npm run lint`.
// The console is left out where its bundler is not there. Everywhere else `npm run build` does it, with a cache.
import { existsSync } from 'node:fs'
import { publishablePackages } from './packages/publishable-packages.mjs'
import { root, run } from './run.mjs'

const CONSOLE = '@kav/console'
const compiled = publishablePackages().filter(({ name }) => name !== CONSOLE)
run('build', 'tsc', ['-b', '--noCheck', ...compiled.map(({ path }) => path)])
run('pipelines', 'node', ['scripts/copy-pipelines.mjs'])
run('templates', 'node', ['scripts/templates.mjs'])
if (existsSync(`${root}node_modules/vite`)) run('console', 'vite', ['build', 'apps/console'])
