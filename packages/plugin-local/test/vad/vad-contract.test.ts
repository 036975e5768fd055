import { vadContract } from '@kav/core/testing'
import { describe, it } from 'vitest'
import { withCallLines } from '../../../core/test/testing/call-lines.ts'
import { localVad } from '../../src/vad/index.ts'
import { readRecording } from './recordings.ts'

for (const sample_rate of [8000, 16000] as const) {
  for (const placement of ['auto', 'inline', 'worker'] as const) {
    describe(`localVad at ${sample_rate} Hz, placement ${placement}`, () => {
      const cases = withCallLines(vadContract, {
        create: (context) => localVad.create({ sample_rate, threshold: 0.5, placement }, context),
        speech: (sampleRateHz) => readRecording('tt-weasels', sampleRateHz),
        isolated: false,
      })
      for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
    })
  }
}
