// `npm run demo`: one real phone call, end to end, on this machine.
import { ensureLocalSpeech } from './local-speech.mjs'
import { run, tryRun } from './run.mjs'

await ensureLocalSpeech({ log: (line) => console.log(line) })
run('build', 'node', ['scripts/turbo.mjs', 'run', 'build', '--output-logs=errors-only'])
console.log('\n▸ a call to pipelines/demo.yaml\n')
process.exit(
  tryRun('node', [
    'apps/server/bin/kav.js',
    'verify',
    'pipelines/demo.yaml',
    '--script',
    'pipelines/callers/demo.yaml',
    '--live',
  ]),
)
