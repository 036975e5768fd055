import assert from 'node:assert/strict'
import { toolContract } from '@kav/core/testing'

const create = () => assert.fail('a list of cases makes nothing yet')

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
