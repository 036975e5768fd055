import assert from 'node:assert/strict'
import { MULAW_8K } from '@kav/core'
import { sttContract } from '@kav/core/testing'

const create = () => assert.fail('a list of cases makes nothing yet')
const speech = new Uint8Array(8000)

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
