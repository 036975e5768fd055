import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { readFleetSettings } from '../../src/fleet/fleet-settings.ts'

describe('what the environment says of the fleet', () => {
  it('is one machine without limits when it says nothing', () => {
    const settings = readFleetSettings({ KAV_DIRECTORY: '', KAV_FLEET_MAX_CALLS: '' })
    expect(settings).toMatchObject({ directory: { kind: 'none' }, node: hostname(), fleet: 'kav' })
    expect(settings.limitsFor('+15550100')).toEqual({ maxCalls: 0, maxCallsOfNumber: 0 })
  })

  it('is a directory, and limits for all and for some', () => {
    const settings = readFleetSettings({
      KAV_DIRECTORY: 'tls://kav:pass@one:4222,tls://two',
      KAV_DIRECTORY_CREDS: '/run/secrets/kav.creds',
      KAV_DIRECTORY_CA: '/run/secrets/nats-ca.pem',
      KAV_DIRECTORY_CERT: '/run/secrets/voice-1.pem',
      KAV_DIRECTORY_KEY: '/run/secrets/voice-1.key',
      KAV_DIRECTORY_REPLICAS: '3',
      KAV_NODE: 'a1',
      KAV_FLEET: 'eu_1',
      KAV_FLEET_MAX_CALLS: '500',
      KAV_FLEET_MAX_CALLS_OF_NUMBER: ' 20, +15550100 = 5,+15550101=0',
    })
    expect(settings).toMatchObject({
      directory: {
        kind: 'nats',
        servers: 'tls://kav:pass@one:4222,tls://two',
        credentialsFile: '/run/secrets/kav.creds',
        tlsFiles: {
          authority: '/run/secrets/nats-ca.pem',
          certificate: '/run/secrets/voice-1.pem',
          key: '/run/secrets/voice-1.key',
        },
        replicas: 3,
      },
      node: 'a1',
      fleet: 'eu_1',
    })
    expect(settings.limitsFor('+15550199')).toEqual({ maxCalls: 500, maxCallsOfNumber: 20 })
    expect(settings.limitsFor('+15550100').maxCallsOfNumber).toBe(5)
    expect(settings.limitsFor('+15550101').maxCallsOfNumber).toBe(0)
  })

  it.each([
    [{ KAV_DIRECTORY: 'nats://x:s3cret@y', KAV_DIRECTORY_CA: 'ca.pem' }, 'KAV_DIRECTORY_CA is for TLS'],
    [{ KAV_DIRECTORY: 'nats://x', KAV_DIRECTORY_KEY: 'a.key' }, 'KAV_DIRECTORY_KEY is for TLS'],
    [
      { KAV_DIRECTORY: 'tls://x:s3cret@y', KAV_DIRECTORY_CERT: 'a.pem' },
      'KAV_DIRECTORY_CERT and KAV_DIRECTORY_KEY go together',
    ],
    [{ KAV_FLEET: 'eu.1' }, 'KAV_FLEET is "eu.1"; 1 to 32 letters, digits, - and _ are expected'],
    [
      { KAV_DIRECTORY: 'redis://x:s3cret@y' },
      /^KAV_DIRECTORY is neither none nor an address that begins with/,
    ],
    [
      { KAV_DIRECTORY: 'nats://x', KAV_DIRECTORY_REPLICAS: '2' },
      'KAV_DIRECTORY_REPLICAS is "2"; one of 1, 3, 5',
    ],
    [{ KAV_FLEET_MAX_CALLS: 'many' }, 'KAV_FLEET_MAX_CALLS: "many"; a whole number from 0'],
    [{ KAV_FLEET_MAX_CALLS: '1.5' }, 'KAV_FLEET_MAX_CALLS: "1.5"; a whole number from 0'],
    [{ KAV_FLEET_MAX_CALLS: '+1555=2' }, 'KAV_FLEET_MAX_CALLS is one whole number, for the whole fleet'],
    [
      { KAV_FLEET_MAX_CALLS_OF_NUMBER: '+1555=' },
      'KAV_FLEET_MAX_CALLS_OF_NUMBER: "+1555="; a whole number from 0',
    ],
  ])('%j is an error that repeats nothing secret', (env, message) => {
    expect(() => readFleetSettings(env)).toThrow(message)
    expect(() => readFleetSettings(env)).not.toThrow('s3cret')
  })
})
