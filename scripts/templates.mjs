// The last step of building create-kav-plugin: its templates go with it, as they are and in TypeScript.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from './run.mjs'
import { inTypescript } from './templates/in-typescript.mjs'

const source = `${root}packages/create-kav-plugin/templates`
const target = `${root}packages/create-kav-plugin/dist/templates`

const style = await resolveConfig(`${root}package.json`)

rmSync(target, { recursive: true, force: true })
for (const path of readdirSync(source, { recursive: true })) {
  const file = join(source, path)
  // Those that say how code is compiled are of one language.
  if (!statSync(file).isFile() || path === 'tsconfig.json') continue
  const [, language, name] = /^languages.(js|ts).(.*)$/.exec(path) ?? []
  if (language !== undefined) put(`${language}/shared/${name}`, file)
  else {
    put(`js/${path}`, file)
    if (path.endsWith('.js'))
      write(`ts/${path.replace(/js$/, 'ts')}`, await inStyle(inTypescript(readFileSync(file, 'utf8'))))
    else put(`ts/${path}`, file)
  }
}

/** Types make lines longer. */
function inStyle(text) {
  return format(text, { ...style, parser: 'typescript' })
}

function put(path, file) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  cpSync(file, join(target, path))
}

function write(path, text) {
  mkdirSync(dirname(join(target, path)), { recursive: true })
  writeFileSync(join(target, path), text)
}
