import { testParams, ttsContract } from '@kav/core/testing'
import { describe, it } from 'vitest'
import { withCallLines } from '../../../core/test/testing/call-lines.ts'
import { localTts } from '../../src/tts/index.ts'

describe('localTts', () => {
  const cases = withCallLines(ttsContract, {
    create: (context) => localTts.create(testParams(localTts.params), context),
    isolated: false,
  })
  for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
})
