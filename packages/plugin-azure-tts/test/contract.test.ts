import { afterAll, beforeAll, describe, it } from 'vitest'
import { testContext, ttsContract } from '@kav/core/testing'
import plugin from '../src/index.ts'
import { openVoiceServer, type VoiceServer } from '../src/testing/index.ts'

let server: VoiceServer
let refusing: VoiceServer

beforeAll(async () => {
  server = await openVoiceServer()
  refusing = await openVoiceServer({ script: () => ({ refuse: 401 }) })
})
afterAll(() => Promise.all([server.close(), refusing.close()]))

describe('tts contract', () => {
  const create = (to: VoiceServer) =>
    plugin.create({ key: 'contract-key', host: to.host, voice: 'en-US-JennyNeural' }, testContext())
  for (const each of ttsContract({ create: () => create(server), createFailing: () => create(refusing) })) {
    it(each.name, each.run, each.timeoutMs)
  }
})
