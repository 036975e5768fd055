import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFakeClock } from '@kav/core/testing'
import { onceOnly } from '../testing/loopback-host.ts'
import { createStreamTokens } from '../src/webhook/stream-token.ts'

const { clock, advance } = createFakeClock()

it('a token opens one stream of its call, once', () => {
  const tokens = createStreamTokens({ ttlMs: 1000, clock, once: onceOnly(), secrets: [] })
  const token = tokens.mint('CA1')
  expect(tokens.redeem(token, 'CA2')).toBe('token-invalid')
  expect(tokens.redeem(token, 'CA1')).toEqual({})
  expect(tokens.redeem(token, 'CA1')).toBe('token-used')
  // Another spelling of the same bytes is the same token.
  expect(tokens.redeem(`${token}=`, 'CA1')).toBe('token-used')
  expect(tokens.redeem(tokens.mint('CA1'), 'CA1')).toEqual({})
})

it('a token expires, spent or not', async () => {
  const tokens = createStreamTokens({ ttlMs: 1000, clock, once: onceOnly(), secrets: [] })
  const [unused, used] = [tokens.mint('CA1'), tokens.mint('CA1')]
  expect(tokens.redeem(used, 'CA1')).toEqual({})
  await advance(1000)
  expect(tokens.redeem(unused, 'CA1')).toBe('token-expired')
  expect(tokens.redeem(used, 'CA1')).toBe('token-expired')
})

it('processes with one secret accept each other’s tokens, others do not', () => {
  const [a, b] = ['s', 's'].map((secret) =>
    createStreamTokens({ ttlMs: 1000, clock, once: onceOnly(), secrets: [secret] }),
  )
  const c = createStreamTokens({ ttlMs: 1000, clock, once: onceOnly(), secrets: ['another'] })
  const alone = createStreamTokens({ ttlMs: 1000, clock, once: onceOnly(), secrets: [] })
  const token = a!.mint('CA1')
  expect(c.redeem(token, 'CA1')).toBe('token-invalid')
  expect(alone.redeem(token, 'CA1')).toBe('token-invalid')
  expect(b!.redeem(token, 'CA1')).toEqual({})
})

it('a ticket comes back as it was, and cannot be made or moved', () => {
  const tokens = createStreamTokens({ ttlMs: 1000, clock, once: onceOnly(), secrets: ['s'] })
  const ticket = `in ${'d'.repeat(64)}`
  expect(tokens.redeem(tokens.mint('CA1', ticket), 'CA1')).toEqual({ ticket })
  // What is sealed for one pair is sealed for no other.
  const bytes = Buffer.from(tokens.mint('CA1', 'in desk'), 'base64url')
  const moved = Buffer.concat([bytes.subarray(0, 18 + 6), bytes.subarray(-16)]).toString('base64url')
  expect(tokens.redeem(moved, 'kCA1')).toBe('token-invalid')
  expect(tokens.redeem(tokens.mint('CA1', 'x'.repeat(400)), 'CA1')).toEqual({ ticket: 'x'.repeat(250) })
})

it('nothing made up is taken', () => {
  const tokens = createStreamTokens({ ttlMs: 1000, clock, once: onceOnly(), secrets: [] })
  fc.assert(fc.property(fc.string(), (token) => void expect(tokens.redeem(token, 'CA1')).toMatch(/^token-/)))
  const good = Buffer.from(tokens.mint('CA1', 'in desk'), 'base64url')
  for (let at = 0; at < good.length; at++) {
    const changed = Buffer.from(good)
    changed[at]! ^= 1
    expect(tokens.redeem(changed.toString('base64url'), 'CA1')).toBe('token-invalid')
  }
})
