import { testContext, turnContract } from '@kav/core/testing'
import { describe, it } from 'vitest'
import { smartTurn } from '../src/index.ts'
import { HAS_MODEL, MODEL, recorded } from './model.ts'

const create = (model: string) =>
  smartTurn.create({ model, threshold: 0.5, threads: 1, python: 'python3' }, testContext())

describe.skipIf(!HAS_MODEL)('Smart Turn with its model', () => {
  const weasels = recorded('tt-weasels')
  const cases = turnContract({
    create: () => create(MODEL),
    createFailing: () => create('no/such/model.onnx'),
    done: () => ({ audio: weasels }),
    goesOn: () => ({ audio: weasels.subarray(0, weasels.length / 2) }),
    isolated: false,
    // A machine busy with other tests loads and judges slowly.
    stepTimeoutMs: 60_000,
  })
  for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
})
