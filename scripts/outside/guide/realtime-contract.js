import assert from 'node:assert/strict'
import { MULAW_8K } from '@kav/core'
import { realtimeContract } from '@kav/core/testing'

const create = () => assert.fail('a list of cases makes nothing yet')
const createFailing = create
const speech = new Uint8Array(8000)
const received = () => speech
const tool = {
  tool: { name: 'hours', description: 'When we are open.', parameters: { type: 'object' } },
  result: 'nine',
  expected: /nine/,
}

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
