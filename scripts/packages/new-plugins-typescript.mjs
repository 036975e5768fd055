// Plugins begun in TypeScript: all kinds are compiled as their authors would, by the oldest compiler that is promised
// and by today's, and two of them pass their suites.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.mjs'
import { npmInstall } from './install-service.mjs'

/** Not among the root's own packages: two compilers would quarrel over `node_modules/.bin/tsc`. */
const OLDEST = 'typescript@5.7.3'
/** One that speaks over a WebSocket, and one over HTTP. */
const RUN = ['stt', 'tts']

/** `project` has every package of Kav installed. */
export function typescriptPluginsWork(project, kinds, must) {
  for (const kind of kinds)
    must(project, 'npx', ['kav', 'plugin', 'new', `ts-${kind}`, '--kind', kind, '--lang', 'ts'])
  const oldest = compiledBy(`${installed(project, OLDEST)}/node_modules/typescript/`, 'oldest')
  compiledBy(`${root}node_modules/typescript/`, 'today')
  writeFileSync(join(oldest, 'package.json'), '{ "type": "module" }')
  const suites = RUN.map((kind) => `ts-${kind}/test/contract.test.js`)
  must(oldest, process.execPath, ['--test', '--test-concurrency=2', ...suites])

  /** The folder of what came out. */
  function compiledBy(compiler, name) {
    const folder = join(project, `by-${name}`)
    mkdirSync(folder)
    for (const kind of kinds)
      cpSync(join(project, `ts-${kind}`), join(folder, `ts-${kind}`), { recursive: true })
    // The options of one of them are those of all; together they are compiled once.
    const own = { extends: './ts-stt/tsconfig.json', include: ['*/src', '*/test'] }
    own.compilerOptions = { rootDir: '.', outDir: 'dist' }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(own))
    must(folder, process.execPath, [`${compiler}bin/tsc`, '-p', 'tsconfig.json'])
    return join(folder, 'dist')
  }
}

/** In a folder of its own: npm would take away what it did not put into the project itself. */
function installed(project, specifier) {
  const folder = join(project, 'oldest-compiler')
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  npmInstall(folder, [specifier])
  return folder
}
