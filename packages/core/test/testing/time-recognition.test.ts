import { expect, it } from 'vitest'
import { writeWav } from '../../src/audio/index.ts'
import { MULAW_8K, type SttProvider } from '../../src/contracts/index.ts'
import { timeRecognition } from '../../src/testing/time-recognition.ts'

it('a region that does not open is a line, and the next one is tried', async () => {
  const provider: SttProvider = {
    accepts: [MULAW_8K],
    regions: ['eu', 'us'],
    openSession: ({ region }) => Promise.reject(new Error(`no ${region}`)),
    close: () => Promise.resolve(),
  }
  const lines: string[] = []
  await timeRecognition(provider, writeWav(MULAW_8K, 1, new Uint8Array(160)), 'stream', (line) =>
    lines.push(line),
  )
  expect(lines).toEqual(['error    no eu', 'error    no us'])
})
