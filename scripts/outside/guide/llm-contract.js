import assert from 'node:assert/strict'
import { llmContract } from '@kav/core/testing'

const create = () => assert.fail('a list of cases makes nothing yet')
const createFailing = create
const messages = [{ role: 'user', content: 'When are you open?' }]
const tools = [{ name: 'opening_hours', description: 'When we are open.', parameters: { type: 'object' } }]

// BLOCK

assert.ok(cases.length > 5)
for (const { name, run } of cases) assert.equal(typeof run, 'function', name)
