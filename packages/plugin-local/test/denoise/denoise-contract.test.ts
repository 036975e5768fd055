import { denoiseContract, testParams } from '@kav/core/testing'
import { createConverter, MULAW_8K } from '@kav/core'
import { describe, it } from 'vitest'
import { withCallLines } from '../../../core/test/testing/call-lines.ts'
import { localDenoise } from '../../src/denoise/index.ts'
import { createRnnoiseProvider } from '../../src/denoise/denoise-provider.ts'
import { callerSays } from '../caller.ts'

const dying = new URL('./faulty-worker.mjs', import.meta.url)

describe('localDenoise', () => {
  const cases = withCallLines(denoiseContract, {
    create: (context) => localDenoise.create(testParams(localDenoise.params), context),
    createFailing: (context) => createRnnoiseProvider({ ...context, workers: 1, workerUrl: dying }),
    failingClass: 'network',
    speech(sampleRateHz) {
      const to = { encoding: 'linear16', sampleRateHz } as const
      const bytes = createConverter(MULAW_8K, to).convert(callerSays('tt-weasels')).slice()
      return new Int16Array(bytes.buffer)
    },
    minReductionDb: 15,
    isolated: false,
  })
  for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
})
