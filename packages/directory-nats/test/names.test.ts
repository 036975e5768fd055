import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryKey, parseKey } from '../src/names.ts'
import { readAddresses } from '../src/server-addresses.ts'
import { readBeat, readCall, readCommand, readOutcome, readPace } from '../src/wire.ts'

describe('a key', () => {
  it('can be made of any text, and gives it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const key = entryKey('call', name)
        expect(key).toMatch(/^call\.[\w=-]+$/)
        expect(parseKey(key)).toEqual({ kind: 'call', name })
      }),
      { numRuns: 200 },
    )
  })

  it('stays as it is where it may', () => expect(entryKey('call', 'CA01-x_y')).toBe('call.CA01-x_y'))

  it('of another kind is none of ours', () => expect(parseKey('strange.CA1')).toBeUndefined())
})

describe('what is read from the server', () => {
  const readers = [
    (bytes: Uint8Array) => readCall('CA1', bytes),
    readBeat,
    readPace,
    readCommand,
    readOutcome,
  ]

  it('may be anything', () => {
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(bytes, (value) => {
        for (const read of readers) read(value)
      }),
      { numRuns: 300 },
    )
  })
})

describe('addresses', () => {
  it('are hosts and ports, with an account', () => {
    expect(readAddresses('nats://kav:p%40ss@one:4333, nats://two')).toEqual({
      servers: ['one:4333', 'two:4222'],
      tls: false,
      user: 'kav',
      pass: 'p@ss',
      shown: 'one:4333,two:4222',
    })
    expect(readAddresses('tls://t0ken@one')).toMatchObject({
      tls: true,
      token: 't0ken',
      servers: ['one:4222'],
    })
    expect(readAddresses('nats://[::1]:4222').servers).toEqual(['[::1]:4222'])
  })

  it.each([
    ['', 'address 1 cannot be read; nats://host:4222 is expected'],
    ['http://kav:s3cret@one', 'address 1 must begin with nats:// or tls:// and name a host'],
    ['nats://one,s3cret@two', 'address 2 cannot be read; nats://host:4222 is expected'],
    ['nats://one,tls://two', 'the addresses mix nats:// and tls://; write tls:// for all'],
    ['nats://a:s3cret@one,nats://b:s3cret@two', 'the addresses name different accounts; write one'],
  ])('%s is told without what is secret in it', (text, message) => {
    expect(() => readAddresses(text)).toThrow(message)
    expect(message).not.toContain('s3cret')
  })
})
