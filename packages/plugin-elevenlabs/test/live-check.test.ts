import { liveCheckContract, testContext, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elevenlabsStt, elevenlabsTts } from '../src/index.ts'
import { type ElevenlabsServer, openElevenlabsServer } from '../src/testing/index.ts'

let server: ElevenlabsServer
beforeAll(async () => {
  server = await openElevenlabsServer()
})
afterAll(() => server.close())

const hear = (given: object = {}) =>
  elevenlabsStt.liveCheck!(
    testParams(elevenlabsStt.params, { api_key: 'good-key', base_url: server.baseUrl, ...given }),
    testContext(),
  )
const speak = (given: object = {}) =>
  elevenlabsTts.liveCheck!(
    testParams(elevenlabsTts.params, {
      api_key: 'good-key',
      base_url: server.baseUrl,
      voice: 'anna',
      ...given,
    }),
    testContext(),
  )

describe('the contract of live checks', () => {
  const cases = liveCheckContract({
    checks: {
      well: () => speak(),
      'a key that is none': () => hear({ api_key: 'wrong-key-1234' }),
      'a key that no header may have': () => speak({ api_key: 'wrong\nkey' }),
      'nobody there': () => hear({ base_url: 'http://127.0.0.1:9' }),
      'a voice that is not there': () => speak({ voice: 'bert' }),
    },
    secrets: ['good-key', 'wrong-key-1234'],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

it('a live check finds model and voice, and says which is not there', async () => {
  expect((await speak()).map(({ level }) => level)).toEqual(['ok', 'ok'])
  expect((await hear()).map(({ level }) => level)).toEqual(['ok'])
  expect((await speak({ model: 'eleven_flash_v2_6' }))[0]).toMatchObject({
    fix: 'Set model to "eleven_flash_v2_5".',
  })
  expect((await speak({ voices: { he: 'bert' } }))[2]!.message).toMatch(/no voice with the id of voices\.he/)
})
