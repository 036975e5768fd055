import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const FRESH = new URL('../dist/dev/fresh-import.js', import.meta.url).href

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-fresh-'))))
afterEach(() => rmSync(dir, { recursive: true }))

/** Hooks of Node.js are for a whole process, so it is one of its own. */
function said(script: string): unknown {
  const code = `
    import { rmSync, writeFileSync } from 'node:fs'
    import { createFreshImport } from ${JSON.stringify(FRESH)}
    const { importModule } = createFreshImport()
    const write = (name, text) => writeFileSync(name, text)
    const read = async () => (await importModule(new URL('plugin.js', ${JSON.stringify(`file://${dir}/`)}).href, './plugin.js')).default
    const said = []
    ${script}
    console.log(JSON.stringify(said))`
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: dir, encoding: 'utf8' }),
  )
}

it('a file that is imported late is of the reading of its plugin, also when it has changed or is gone', () => {
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
  writeFileSync(join(dir, 'plugin.js'), "export default async () => (await import('./engine.js')).engine\n")
  const found = said(`
    write('engine.js', "export const engine = 'old'")
    const old = await read()
    write('engine.js', "export const engine = 'new'")
    const [now, again] = await Promise.all([read(), read()])
    said.push(await old(), await now(), await again())
    write('engine.js', "export const engine = 'third'")
    const third = await read()
    rmSync('engine.js')
    said.push(await third())
    write('engine.js', "export const engine = 'old'")
    said.push(await (await read())())
  `)
  expect(found).toEqual(['old', 'new', 'new', 'third', 'old'])
})
