import { expect, it } from 'vitest'
import { readWav } from '../../src/audio/index.ts'
import { MULAW_8K, type TtsProvider } from '../../src/contracts/index.ts'
import { timeSpeech } from '../../src/testing/time-speech.ts'

async function* chunks(): AsyncGenerator<Uint8Array> {
  const lent = new Uint8Array(80)
  for (const value of [1, 2]) yield lent.fill(value)
}

it('every request and every reply is told of, and the speech is a file', async () => {
  const said: string[] = []
  const provider: TtsProvider = {
    produces: [MULAW_8K],
    speak(request) {
      said.push(request.text)
      return chunks()
    },
    async *speakReply(clauses) {
      for await (const clause of clauses) said.push(clause)
      yield* chunks()
    },
    close: () => Promise.resolve(),
  }
  const lines: string[] = []
  const { audio } = readWav(await timeSpeech(provider, 'Hello.', (line) => lines.push(line)))
  expect([audio.length, audio[0], audio.at(-1)]).toEqual([160, 1, 2])
  expect(said).toEqual(Array.from({ length: 6 }, () => 'Hello.'))
  expect(lines.filter((line) => line.includes('20 ms of speech'))).toHaveLength(6)
  expect(lines[2]).toMatch(/^reply 1: first audio after \d+ ms$/)
})
