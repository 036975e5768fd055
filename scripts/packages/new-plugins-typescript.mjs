// Plugins begun in TypeScript: all kinds are compiled as their authors would, by the oldest compiler that is promised
// and by today's, and two of them pass their suites.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.mjs'

/** Where these are in the root's `node_modules`. */
const COMPILERS = ['typescript-oldest', 'typescript']
/** One that speaks over a WebSocket, and one over HTTP. */
const RUN = ['stt', 'tts']

/** `project` has every package of Kav installed. */
export function typescriptPluginsWork(project, kinds, must) {
  for (const kind of kinds)
    must(project, 'npx', ['kav', 'plugin', 'new', `ts-${kind}`, '--kind', kind, '--lang', 'ts'])
  for (const compiler of COMPILERS) {
    const folder = join(project, compiler)
    mkdirSync(folder)
    for (const kind of kinds)
      cpSync(join(project, `ts-${kind}`), join(folder, `ts-${kind}`), { recursive: true })
    // The options of one of them are those of all; together they are compiled once.
    const own = { extends: './ts-stt/tsconfig.json', include: ['*/src', '*/test'] }
    own.compilerOptions = { rootDir: '.', outDir: 'dist' }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(own))
    must(folder, process.execPath, [`${root}node_modules/${compiler}/bin/tsc`, '-p', 'tsconfig.json'])
  }
  const compiled = join(project, 'typescript-oldest', 'dist')
  writeFileSync(join(compiled, 'package.json'), '{ "type": "module" }')
  const suites = RUN.map((kind) => `ts-${kind}/test/contract.test.js`)
  must(compiled, process.execPath, ['--test', '--test-concurrency=2', ...suites])
}
