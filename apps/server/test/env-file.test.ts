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

it.skipIf(process.loadEnvFile === undefined)('reads what editors and shells of any system write', () => {
  const file = join(dir, '.env')
  const texts: readonly (readonly [text: string, used: number])[] = [
    ['\uFEFFKAV_TEST_NEW=value\r\n', 1],
    ['export KAV_TEST_NEW = "value"', 1],
    ["# KAV_TEST_SET=1\n\tKAV_TEST_NEW='value' # a remark", 1],
    ['KAV_TEST_NEW=first\nKAV_TEST_NEW=value\n', 1],
    // What stands within a value is no variable.
    ['KAV_TEST_SET="a\nKAV_TEST_NONE=b\n"\nKAV_TEST_NEW=value\n', 2],
    ['\n\n', 0],
    ['', 0],
  ]
  for (const [text, used] of texts) {
    for (const name of ['KAV_TEST_NEW', 'KAV_TEST_SET']) delete process.env[name]
    writeFileSync(file, text)
    expect([text, loadEnvFile({}, file)?.used]).toEqual([text, used])
    expect(process.env['KAV_TEST_NEW']).toBe(used === 0 ? undefined : 'value')
  }
})

it.skipIf(process.loadEnvFile === undefined).each([
  ['PORT: 8080\nKAV_TEST_NEW=value', [1]],
  ['set KAV_TEST_SET 1\r\nKAV_TEST_NEW=value\r\nKAV_TEST_SET\r\n', [1, 3]],
  ['=x\nKAV_TEST_NEW=value', [1]],
  ['export KAV_TEST_SET\n\n# KAV: no\nKAV_TEST_NEW=value', [1]],
  ['KEY: "a=b"\nKAV_TEST_NEW=value', [1]],
  ['KAV_TEST_SET="one\ntwo: 2\n"\nthree: 3\nKAV_TEST_NEW=value', [4]],
  ['KAV_TEST_SET="one\ntwo: 2\nKAV_TEST_NEW=value', [2]],
  ["KAV_TEST_SET='one' # two\nKAV_TEST_NEW=value", []],
])('says which lines are no variable, and has those behind them: %j', (text, passedOver) => {
  const file = join(dir, '.env')
  writeFileSync(file, text)
  expect(loadEnvFile({}, file)?.passedOver).toEqual(passedOver)
  expect(process.env['KAV_TEST_NEW']).toBe('value')
})

it.each(['utf16le', 'big-endian', 'no mark'])(
  'says of UTF-16 (%s) what to do, at the start and anew',
  (kind) => {
    const file = join(dir, '.env')
    const late = lateEnvFile(file)
    const text = Buffer.from(`${kind === 'no mark' ? '' : '\uFEFF'}KAV_TEST_NEW=value\r\n`, 'utf16le')
    writeFileSync(file, kind === 'big-endian' ? text.swap16() : text)
    expect(() => loadEnvFile({}, file)).toThrow(`${file} cannot be read: it is not UTF-8 text`)
    expect(() => late.again()).toThrow('it is not UTF-8 text')
  },
)
