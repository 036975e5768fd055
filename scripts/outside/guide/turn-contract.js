import assert from 'node:assert/strict'
import { turnContract } from '@kav/core/testing'

const create = () => assert.fail('a list of cases makes nothing yet')
const createFailing = create
const audio = new Int16Array(16000)
const cut = audio.subarray(8000)
const [text, half] = ['I would like a table', 'I would like']

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
