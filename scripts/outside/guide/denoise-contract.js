import assert from 'node:assert/strict'
import { denoiseContract } from '@kav/core/testing'

const create = () => assert.fail('a list of cases makes nothing yet')
const createFailing = create
const samples = new Int16Array(8000)

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
