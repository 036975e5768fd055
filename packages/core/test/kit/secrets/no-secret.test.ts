import { describe, expect, it } from 'vitest'
import { isPlaceholder } from '../../../src/kit/secrets/index.ts'

describe('isPlaceholder', () => {
  it.each([
    'your_auth_token',
    'YOUR-API-KEY-HERE',
    '<your token>',
    '<token>',
    'insert key here',
    'replace_me',
    'replace-with-your-key',
    'fake-key',
    'dummy_token',
    'my_fake_secret',
    'changeme',
    'xxxxx',
    'sk-xxxxxxxxxxxx',
    'sk-...',
    'sk-…',
    'ACxxxxxxxxxxxxxxxx',
    '********',
  ])('knows what a guide writes in place of a secret: %s', (text) => {
    expect(isPlaceholder(text)).toBe(true)
  })

  it.each([
    'your-horse-battery',
    'correct-horse',
    'hereford-token',
    'sk-xylophone',
    'access-2f9c',
    'dummy7g2kq',
  ])('leaves what may be one: %s', (text) => expect(isPlaceholder(text)).toBe(false))
})
