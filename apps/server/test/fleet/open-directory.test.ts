import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { readFleetSettings } from '../../src/fleet/fleet-settings.ts'
import { openDirectory } from '../../src/fleet/open-directory.ts'
import { withoutSecrets } from '../../src/privacy/secrets.ts'

describe('the directory that the environment names', () => {
  it('is that of one node without one', async () => {
    const directory = await openDirectory(readFleetSettings({ KAV_NODE: 'a1' }), testContext())
    expect(directory.state()).toMatchObject({ kind: 'none', node: 'a1', connected: true })
  })

  it('on servers that are not there takes calls all the same, and its password is hidden', async () => {
    const env = { KAV_DIRECTORY: 'nats://kav:never-sh0wn@127.0.0.1:1', KAV_NODE: 'a1' }
    const directory = await openDirectory(readFleetSettings(env), testContext())
    expect(directory.state()).toMatchObject({ kind: 'nats', node: 'a1', connected: false })
    expect(await directory.claim({ id: 'CA1', pipeline: 'p' }, { maxCalls: 1, maxCallsOfNumber: 0 }))
      .not //
      .toHaveProperty('refused')
    expect(withoutSecrets('it is never-sh0wn')).not.toContain('never-sh0wn')
    await directory.close()
  })

  it('with a file that is not there, or addresses that are none, is an error', async () => {
    const open = (env: Record<string, string>) => openDirectory(readFleetSettings(env), testContext())
    await expect(open({ KAV_DIRECTORY: 'nats://x', KAV_DIRECTORY_CREDS: '/no/such.creds' })).rejects.toThrow(
      'KAV_DIRECTORY_CREDS cannot be read: ENOENT',
    )
    await expect(open({ KAV_DIRECTORY: 'nats://x,tls://y' })).rejects.toThrow(/^KAV_DIRECTORY: .* mix/)
  })

  it('by TLS, with files that are none or do not fit together, is an error that names the variable', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kav-directory-'))
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const open = (env: Record<string, string>) =>
      openDirectory(readFleetSettings({ KAV_DIRECTORY: 'tls://127.0.0.1:1', ...env }), testContext())
    try {
      await expect(open({ KAV_DIRECTORY_CA: join(folder, 'none.pem') })).rejects.toThrow(
        'KAV_DIRECTORY_CA cannot be read: ENOENT',
      )
      const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
      const KAV_DIRECTORY_KEY = file('kav.key', String(key))
      await expect(open({ KAV_DIRECTORY_CA: KAV_DIRECTORY_KEY })).rejects.toThrow(
        'holds no certificate in PEM',
      )
      const [known] = rootCertificates
      const KAV_DIRECTORY_CERT = file('kav.pem', known!)
      const locked = file('locked.key', '-----BEGIN ENCRYPTED PRIVATE KEY-----')
      const withLocked = { KAV_DIRECTORY_CERT, KAV_DIRECTORY_KEY: locked }
      await expect(open(withLocked)).rejects.toThrow('has a passphrase')
      await expect(open({ KAV_DIRECTORY_CERT, KAV_DIRECTORY_KEY })).rejects.toThrow(
        'KAV_DIRECTORY_KEY is not the key',
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
