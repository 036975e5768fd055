// Every block of code in docs/plugin-authoring.md, run where its reader would: in a project that has Kav installed. A
// block is a file by its `title`, or stands in a scene, a small program of scripts/outside/guide in place of its line
// `// BLOCK`, that goes on with what the block has made. What is to be typed stands in `TYPED`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../run.mjs'

const SCENES = `${root}scripts/outside/guide/`
const PLACE = '// BLOCK'
const BLOCK = /^```(\w*)(?: (title|scene)="([^"]+)")?\n([^]*?)^```$/gm

/** Who runs what a reader types; `undefined`: this script does. */
const TYPED = new Map([
  ['npm create kav-plugin@latest my-stt -- --kind stt', 'new-plugins.mjs'],
  ['cd my-stt && npm install && npm test', 'new-plugins.mjs'],
  ['npm init -y', 'outside.mjs'],
  ['npm pkg set type=module', 'outside.mjs'],
  ['npm install @kav/server @kav/core', 'install-service.mjs'],
  ['node --test acme-voice.contract.js', undefined],
])

/** `must` runs a command in the project, and throws where it fails. */
export function guideRuns(project, must) {
  const blocks = [...readFileSync(`${root}docs/plugin-authoring.md`, 'utf8').matchAll(BLOCK)]
  const scenes = new Set(readdirSync(SCENES).map((name) => name.replace('.js', '')))
  mkdirSync(join(project, 'guide'))
  for (const [, language, how, name, code] of blocks) {
    if (how === 'title')
      writeFileSync(join(project, name), language === 'yaml' ? inDemo(project, code) : code)
    else if (how === 'scene') playScene(project, { name, code, must, scenes })
    else if (language === 'sh') typed(project, code, must)
    // What a program prints.
    else if (language !== 'text') throw new Error(`the guide has a block that nobody runs:\n${code}`)
  }
  if (scenes.size > 0) throw new Error(`scenes without a block in the guide: ${[...scenes].join(', ')}`)
  must(project, 'env', ['ACME_KEY=k', 'npx', 'kav', 'validate', 'front-desk.yaml'])
  must(project, process.execPath, [...CHECK_TYPES, 'acme-voice.js', 'acme-voice.contract.js'])
}

/** The files say `@ts-check`. */
const CHECK_TYPES = [
  `${root}node_modules/typescript/bin/tsc`,
  ...['--noEmit', '--checkJs', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'],
  ...['--types', 'node'],
]

function playScene(project, { name, code, must, scenes }) {
  if (!scenes.delete(name)) throw new Error(`the guide names a scene that is not there, or twice: ${name}`)
  const scene = readFileSync(`${SCENES}${name}.js`, 'utf8')
  if (!scene.includes(PLACE)) throw new Error(`${name}.js has no line ${PLACE}`)
  const file = join('guide', `${name}.js`)
  // Not as a pattern: the code may have dollar signs.
  writeFileSync(
    join(project, file),
    scene.replace(PLACE, () => code),
  )
  must(project, process.execPath, [file])
}

function typed(project, code, must) {
  for (const line of code.trim().split('\n')) {
    const command = line.replace(/\s+#.*$/, '')
    if (!TYPED.has(command)) throw new Error(`the guide has its reader type what nobody runs: ${command}`)
    if (TYPED.get(command) === undefined) must(project, 'sh', ['-c', command])
  }
}

/** The stage that the guide shows, in the pipeline that comes with the server. */
function inDemo(project, stage) {
  const pipelines = './node_modules/@kav/server/dist/pipelines/'
  return readFileSync(join(project, pipelines, 'demo.yaml'), 'utf8')
    .replace(/^tts:\n(?: .*\n)*/m, () => stage)
    .replace('script: ./', `script: ${pipelines}`)
}
