import assert from 'node:assert/strict'
import { transportContract } from '@kav/core/testing'

const provider = { attach() {}, close: async () => {} }
const farEnd = {}

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
