import type { PluginContext } from '@kav/core'
import { turnContract } from '@kav/core/testing'
import { describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { smartTurn } from '../src/index.ts'
import { HAS_MODEL, MODEL, recorded } from './model.ts'

const create = (model: string, context: PluginContext) =>
  smartTurn.create({ model, threshold: 0.5, threads: 1, python: 'python3' }, context)

describe.skipIf(!HAS_MODEL)('Smart Turn with its model', () => {
  const weasels = recorded('tt-weasels')
  const cases = withCallLines(turnContract, {
    create: (context) => create(MODEL, context),
    createFailing: (context) => create('no/such/model.onnx', context),
    done: () => ({ audio: weasels }),
    goesOn: () => ({ audio: weasels.subarray(0, weasels.length / 2) }),
    isolated: false,
    // A machine busy with other tests loads and judges slowly.
    stepTimeoutMs: 60_000,
  })
  for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
})
