import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { packChecked } from '../packages/pack-checked.mjs'

let dir
let folder
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kav-pack-'))
  folder = join(dir, 'to')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const pack = (aside) =>
  ['a', 'b'].map((name) => {
    const tarball = join(aside, `${name}.tgz`)
    writeFileSync(tarball, name)
    return { name, tarball }
  })

it('writes no package at all when one of them would not work', async () => {
  const judge = async ({ name }) => (name === 'b' ? ['b has no dist'] : [])
  expect(await packChecked({ folder, pack, judge })).toEqual({ problems: ['b has no dist'], tarballs: [] })
  expect(existsSync(folder)).toBe(false)
})

it('leaves the packages that were found right in the folder', async () => {
  const { tarballs } = await packChecked({ folder, pack, judge: async () => [] })
  expect(tarballs).toEqual([join(folder, 'a.tgz'), join(folder, 'b.tgz')])
  expect(readdirSync(folder)).toEqual(['a.tgz', 'b.tgz'])
})
