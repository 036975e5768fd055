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
      'ENOENT',
    )
    await expect(open({ KAV_DIRECTORY: 'nats://x,tls://y' })).rejects.toThrow('mix')
  })
})
