import { testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import plugin from '../src/index.ts'
import { open, provide } from './open-for-test.ts'

const make = (params: object) => plugin.create({ language: 'he-IL', ...params }, testContext())

it('a key file that is not there is an auth fault, not a crash', async () => {
  const { provider } = provide('', { credentials: 'no-such-key.json' })
  await expect(open(provider)).rejects.toMatchObject({
    class: 'auth',
    retryable: false,
    message: expect.stringContaining('set stt.params.credentials'),
  })
})

it('a connection that failed to initialise is not kept: the next try reads the credentials again', async () => {
  const { provider, context } = provide('', { credentials: 'no-such-key.json' })
  await expect(open(provider)).rejects.toMatchObject({ class: 'auth' })
  expect(context.metrics.value('google_stt_connections')).toBe(0)
})

it('a key that is no key is told without showing it', () => {
  const act = () => make({ credentials: '{"client_email":"a@b","secret":"sesame"}' })
  expect(act).toThrow(/stt\.params\.credentials: neither a path nor the JSON of a service-account key/)
  expect(act).not.toThrow(/sesame/)
})

it('an endpoint that is none is told', () => {
  expect(() => make({ endpoint: 'http://a b' })).toThrow(/stt\.params\.endpoint: "http:\/\/a b" is not host/)
})

it('a model that v1 does not have is told', () => {
  expect(() => make({ api: 'v1', model: 'chirp_3' })).toThrow(/"chirp_3" exists in api v2 only/)
})
