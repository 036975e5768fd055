import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { knownAdminToken, loadAdminToken } from '../../src/admin/admin-token.ts'
import { consoleLink } from '../../src/admin/console-link.ts'
import { withoutSecrets } from '../../src/privacy/secrets.ts'

describe('the token of the admin API', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kav-token-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made once for a folder, for its user alone, and is hidden in all that leaves the process', () => {
    // Who looks for a service makes none.
    expect(() => knownAdminToken({}, folder)).toThrow(
      /no kav serve was started in this folder.*KAV_ADMIN_TOKEN/,
    )
    expect(existsSync(join(folder, '.kav'))).toBe(false)
    const token = loadAdminToken({}, folder)
    expect(token.length).toBeGreaterThanOrEqual(32)
    expect(loadAdminToken({}, folder)).toBe(token)
    expect(knownAdminToken({}, folder)).toBe(token)
    const file = join(folder, '.kav', 'admin-token')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'utf8')).toBe(`${token}\n`)
    expect(withoutSecrets(`x ${token} y`)).not.toContain(token)
    expect(consoleLink({ host: '::1', port: 9080 }, 'a+b', '/phone')).toBe(
      'http://[::1]:9080/console/#token=a%2Bb&to=%2Fphone',
    )
    expect(consoleLink({ host: '127.0.0.1', port: 9080 }, undefined, '/phone')).toBe(
      'http://127.0.0.1:9080/console/#/phone',
    )
    expect(consoleLink({ host: '0.0.0.0', port: 9080 }, token)).toBe(
      `http://127.0.0.1:9080/console/#token=${token}`,
    )
  })

  it('is the chosen one, where that is one', () => {
    expect(loadAdminToken({ KAV_ADMIN_TOKEN: 'chosen-by-the-operator' }, folder)).toBe(
      'chosen-by-the-operator',
    )
    for (const KAV_ADMIN_TOKEN of ['short', 'with spaces in between it'])
      expect(() => loadAdminToken({ KAV_ADMIN_TOKEN }, folder)).toThrow(
        'KAV_ADMIN_TOKEN is no token: 16 or more',
      )
    const own = loadAdminToken({}, folder)
    writeFileSync(join(folder, '.kav', 'admin-token'), '\n')
    expect(() => loadAdminToken({}, folder)).toThrow('admin-token is no token')
    expect(own).not.toBe('')
  })
})
