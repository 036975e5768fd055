// The last step of building @kav/server: the pipelines that run as they are go with it, so that an installed
// `kav serve` has one to take calls on, and whoever writes another has something to begin from. And the documents, which
// `kav mcp` reads out.
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { root } from './run.mjs'

const SHIPPED = /\.(yaml|json|wav)$/
const target = `${root}apps/server/dist/pipelines`

rmSync(target, { recursive: true, force: true })
for (const part of ['', 'scripts/', 'callers/', 'lines/']) {
  const from = `${root}pipelines/${part}`
  for (const file of readdirSync(from).filter((name) => SHIPPED.test(name)))
    cpSync(from + file, `${target}/${part}${file}`)
}

const docs = `${root}apps/server/dist/docs`
rmSync(docs, { recursive: true, force: true })
for (const file of readdirSync(`${root}docs`).filter((name) => /\.(md|txt)$/.test(name)))
  cpSync(`${root}docs/${file}`, `${docs}/${file}`)
