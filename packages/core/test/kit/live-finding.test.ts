import { expect, it } from 'vitest'
import { finding } from '../../src/kit/index.ts'

it('a finding is one line, whatever name a provider sent', () => {
  const name = 'gpt\u001b[2J\r\n\u202e\u2028x'
  const { message, fix } = finding.error(`no model "${name}"`, `Set model to "${name}".`)
  expect([message, fix]).toEqual(['no model "gpt [2J    x"', 'Set model to "gpt [2J    x".'])
})

it('and no longer than can be read', () => {
  expect(finding.ok('x'.repeat(10_000)).message).toHaveLength(600)
  expect(finding.warning('odd', 'y'.repeat(10_000)).fix).toHaveLength(600)
})
