import { testParams, ttsContract } from '@kav/core/testing'
import { describe, it } from 'vitest'
import { localTts } from '../../src/tts/index.ts'

describe('localTts', () => {
  const cases = ttsContract({
    create: (context) => localTts.create(testParams(localTts.params), context),
    isolated: false,
  })
  for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
})
