import assert from 'node:assert/strict'
import { vadContract } from '@kav/core/testing'

const create = () => assert.fail('a list of cases makes nothing yet')
const samples = new Int16Array(16000)

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
