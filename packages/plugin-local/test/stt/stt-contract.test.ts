import { MULAW_8K } from '@kav/core'
import { sttContract, testParams } from '@kav/core/testing'
import { describe, it } from 'vitest'
import { withCallLines } from '../../../core/test/testing/call-lines.ts'
import { localStt } from '../../src/stt/index.ts'
import { DEMO_HINTS, callerSays, joined, silence } from '../caller.ts'

describe('localStt', () => {
  const speech = joined(silence(200), callerSays('number-not-answering'), silence(600))
  const cases = withCallLines(sttContract, {
    create: (context) => localStt.create(testParams(localStt.params), context),
    createFailing: (context) =>
      localStt.create(testParams(localStt.params, { model_dir: '/nonexistent' }), context),
    speech,
    format: MULAW_8K,
    expected: /number .*answering/,
    lastWord: /answering/,
    hints: DEMO_HINTS,
    pace: 20,
    isolated: false,
  })
  for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
})
