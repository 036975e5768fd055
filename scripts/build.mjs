// The build where only what runs is installed (`npm ci --omit=dev`): the compiler alone. Everywhere else
// `npm run build` does it, with a cache.
import { publishablePackages } from './packages/publishable-packages.mjs'
import { run } from './run.mjs'

run('build', 'tsc', ['-b', ...publishablePackages().map(({ path }) => path)])
run('pipelines', 'node', ['scripts/copy-pipelines.mjs'])
run('templates', 'node', ['scripts/templates.mjs'])
