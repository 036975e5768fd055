import { testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { liveCheck } from '../src/live-check.ts'
import { HAS_MODEL, MODEL } from './model.ts'

const check = (model: string) =>
  liveCheck({ model, threshold: 0.5, threads: 1, python: 'python3' }, testContext())

it.skipIf(!HAS_MODEL)(
  'loads the model and tells how long a judgement takes',
  { timeout: 120_000 },
  async () => {
    expect(await check(MODEL)).toEqual([
      {
        level: 'ok',
        message: expect.stringMatching(/^the model of Smart Turn is here; a judgement takes \d+ ms$/),
      },
    ])
  },
)

it('says which model is not there, and what to do', { timeout: 120_000 }, async () => {
  expect(await check('no/such.onnx')).toEqual([
    {
      level: 'error',
      message: expect.stringMatching(/^Smart Turn cannot load .*such\.onnx: ENOENT/),
      fix: 'Run npx kav fetch @kav/plugin-smart-turn, or set "model" to the file.',
    },
  ])
})
