import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lateEnvFile, loadEnvFile } from '../src/env-file.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-env-'))))
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
  for (const name of ['KAV_TEST_NEW', 'KAV_TEST_SET']) delete process.env[name]
})

it.skipIf(process.loadEnvFile === undefined)('reads what is not set yet, and says how much, not what', () => {
  process.env['KAV_TEST_SET'] = 'real'
  const file = join(dir, '.env')
  writeFileSync(file, '# a remark\nKAV_TEST_NEW="from the file"\nexport KAV_TEST_SET=not-this\n')
  expect(loadEnvFile(process.env, file)).toMatchObject({ file, used: 1, kept: 1 })
  expect(process.env['KAV_TEST_NEW']).toBe('from the file')
  expect(process.env['KAV_TEST_SET']).toBe('real')
})

it.skipIf(process.loadEnvFile === undefined)(
  'is read anew: new values, new names, and names that are gone',
  () => {
    process.env['KAV_TEST_SET'] = 'real'
    const file = join(dir, '.env')
    const late = lateEnvFile(file)
    late.again()
    writeFileSync(file, 'KAV_TEST_NEW=one\nKAV_TEST_SET=not-this\n')
    late.again()
    expect([process.env['KAV_TEST_NEW'], process.env['KAV_TEST_SET']]).toEqual(['one', 'real'])
    const early = loadEnvFile({}, file)!
    writeFileSync(file, 'KAV_TEST_NEW=two\n')
    early.again()
    expect(process.env['KAV_TEST_NEW']).toBe('two')
    rmSync(file)
    early.again()
    expect(process.env['KAV_TEST_NEW']).toBeUndefined()
  },
)

it('is no fault where there is none', () => {
  expect(loadEnvFile(process.env, join(dir, '.env'))).toBeUndefined()
  expect(loadEnvFile(process.env, dir)).toBeUndefined()
})
