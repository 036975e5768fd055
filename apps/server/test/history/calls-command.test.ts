import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseCalls, listCalls } from '../../src/commands/calls.ts'
import { lacksCountry, plainNumber } from '../../src/calls/plain-number.ts'
import { WrongUse } from '../../src/wrong-use.ts'

const ECHO = fileURLToPath(new URL('../fixtures/echo-plugins.mjs', import.meta.url))

describe('kav calls', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-calls-'))))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  function pipeline(ofTransport = 'validate_signature: false', store = 'calls.db'): string {
    const file = join(dir, 'desk.yaml')
    const lines = [
      'version: 1',
      'name: desk',
      `transport: { plugin: "@kav/plugin-twilio", params: { ${ofTransport} } }`,
      ...['stt', 'llm', 'tts'].map((stage) => `${stage}: { plugin: ${ECHO} }`),
      `store: { plugin: "@kav/plugin-sql-store", params: { file: "${join(dir, 'db', store)}" } }`,
      `record: { dir: ${join(dir, 'records')} }`,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }
  const ignore = (): void => undefined

  it('says what to do where no calls are kept, and makes no store', async () => {
    const file = pipeline()
    const listed = listCalls({ pipeline: file, limit: 5 }, {}, ignore)
    await expect(listed).rejects.toThrow(WrongUse)
    await expect(listed).rejects.toThrow(/^no calls are kept here: .*--pipeline$/)
    await expect(eraseCalls({ pipeline: file, caller: '+15550101' }, {}, ignore)).rejects.toThrow(WrongUse)
    expect(existsSync(join(dir, 'db'))).toBe(false)
  })

  it('wants no key but those of where calls are kept', async () => {
    const account = 'account_sid: "${SID}", auth_token: "${TOKEN}", public_url: "${URL}"'
    const list = (file: string) => listCalls({ pipeline: file, limit: 5 }, {}, ignore)
    await expect(list(pipeline(account))).rejects.toThrow(/^no calls are kept here/)
    await expect(list(pipeline(account, '${FILE}'))).rejects.toThrow(/store.*FILE is not set/)
    await expect(list(pipeline(`${account}, nonsense: 1`))).rejects.toThrow('"nonsense"')
  })

  it.each([
    ['+1 (555) 012-3456', '+15550123456'],
    ['  +15550123456 ', '+15550123456'],
    ['0015550123456', '+15550123456'],
    ['00155577700', '+155577700'],
    ['4111 1111 1111 1111', '4111111111111111'],
    ['40404', '40404'],
    ['0012', '0012'],
    ['client:desk', 'client:desk'],
    ['anonymous', 'anonymous'],
    ['sip:desk@10.0.0.1', 'sip:desk@10.0.0.1'],
  ])('takes %s for %s', (written, meant) => {
    expect(plainNumber(written)).toBe(meant)
  })

  it('knows a number that may want its country', () => {
    const some = ['15550123456', '4111 1111 1111 1111', '+15550123456', '0015550123456', '40404', 'anonymous']
    expect(some.filter(lacksCountry)).toEqual(some.slice(0, 2))
  })
})
