import { afterAll, beforeAll, describe, it } from 'vitest'
import { testContext, ttsContract } from '@kav/core/testing'
import plugin from '../src/index.ts'
import { MS_PER_CHARACTER, openVoiceServer, type VoiceServer } from '../src/testing/index.ts'

let server: VoiceServer
let refusing: VoiceServer

beforeAll(async () => {
  server = await openVoiceServer({ script: () => ({ chunkBytes: 1601 }) })
  refusing = await openVoiceServer({
    script: () => ({ failWith: { code: 16, details: 'Request had invalid authentication credentials.' } }),
  })
})
afterAll(() => Promise.all([server.close(), refusing.close()]))

for (const voice of ['he-IL-Wavenet-A', 'he-IL-Chirp3-HD-Kore']) {
  const create = (to: VoiceServer) =>
    plugin.create({ language: 'he-IL', voice, endpoint: to.endpoint }, testContext())
  describe(`tts contract, ${voice}`, () => {
    const cases = ttsContract({
      create: () => create(server),
      createFailing: () => create(refusing),
      text: 'שלום, איך אפשר לעזור לך היום?',
      msPerCharacter: { min: MS_PER_CHARACTER - 5, max: MS_PER_CHARACTER + 5 },
    })
    for (const each of cases) it(each.name, each.run, each.timeoutMs)
  })
}
