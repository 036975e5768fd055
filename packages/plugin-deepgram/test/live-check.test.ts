import { liveCheckContract, testContext, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deepgramStt, deepgramTts } from '../src/index.ts'
import { type DeepgramServer, openDeepgramServer } from '../src/testing/index.ts'

let server: DeepgramServer
beforeAll(async () => {
  server = await openDeepgramServer()
})
afterAll(() => server.close())

const hear = (given: object = {}) =>
  deepgramStt.liveCheck!(
    testParams(deepgramStt.params, { api_key: 'good-key', base_url: server.baseUrl, ...given }),
    testContext(),
  )
const speak = (given: object = {}) =>
  deepgramTts.liveCheck!(
    testParams(deepgramTts.params, { api_key: 'good-key', base_url: server.baseUrl, ...given }),
    testContext(),
  )

describe('the contract of live checks', () => {
  const cases = liveCheckContract({
    checks: {
      well: () => hear(),
      'a key that is none': () => hear({ api_key: 'wrong-key-1234' }),
      'a key that no header may have': () => speak({ api_key: 'wrong\nkey' }),
      'nobody there': () => speak({ base_url: 'http://127.0.0.1:9' }),
      'a voice that is not there': () => speak({ voice: 'aura-2-talia-en' }),
    },
    secrets: ['good-key', 'wrong-key-1234'],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe('a live check', () => {
  it('finds models by their own name and by that of their family, and the nearest to one that is not there', async () => {
    expect((await hear({ model: 'nova-2-phonecall' })).map(({ level }) => level)).toEqual(['ok', 'ok'])
    expect((await speak()).map(({ level }) => level)).toEqual(['ok'])
    expect(await hear({ model: 'nova-2-phonecal' })).toContainEqual(
      expect.objectContaining({ level: 'error', fix: 'Set model to "nova-2-phonecall".' }),
    )
    expect((await hear({ model: 'flux-general-en' }))[0]!.level).toBe('warning')
  })

  it('says which limit a project is over, and that a server of one’s own lists nothing', async () => {
    server.nextHttp('/v1/projects', ({ json }) => json(402, {}))
    expect((await hear())[0]!.message).toMatch(/over its limits \(402\)/)
    server.nextHttp('/v1/models', ({ json }) => json(404, {}))
    server.nextHttp('/v1/projects', ({ json }) => json(404, {}))
    expect((await hear())[0]).toMatchObject({ level: 'warning' })
  })
})
