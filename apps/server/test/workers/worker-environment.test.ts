import { describe, expect, it } from 'vitest'
import { withoutSecrets } from '../../src/privacy/secrets.ts'
import { takeEnvironment } from '../../src/workers/worker-environment.ts'

describe('the environment of a worker', () => {
  it('is that of its parent as it is now: changed, added and gone, with its secrets hidden', () => {
    const own: NodeJS.ProcessEnv = { KEPT: '1', CHANGED: '1', GONE: '1' }
    const secret = 'a-secret-of-the-worker-0123456789'
    takeEnvironment({ KEPT: '1', CHANGED: '2', SOME_API_KEY: secret, ABSENT: undefined }, own)
    expect(own).toEqual({ KEPT: '1', CHANGED: '2', SOME_API_KEY: secret })
    expect(withoutSecrets(`the key is ${secret}`)).not.toContain(secret)
  })
})
