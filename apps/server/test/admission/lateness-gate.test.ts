import { expect, it } from 'vitest'
import { LatenessGate } from '../../src/admission/lateness-gate.ts'

/** Whether the gate is shut after each second. */
function states(gate: LatenessGate, seconds: readonly number[]): string {
  return seconds
    .map((ms) => {
      gate.tell(ms)
      return gate.isShut ? 'x' : '.'
    })
    .join('')
}

it('shuts after three late seconds on end, and opens after five calm ones', () => {
  expect(states(new LatenessGate(50), [60, 60, 40, 60, 60, 60, 60])).toBe('.....xx')
  expect(states(new LatenessGate(50), [60, 60, 60, 20, 20, 20, 20, 30, 20, 20, 20, 20, 20])).toBe(
    '..xxxxxxxxxx.',
  )
})

it('stays as it is between half the limit and the limit', () => {
  const gate = new LatenessGate(50)
  expect(states(gate, [50, 50, 50, 50])).toBe('....')
  states(gate, [51, 51, 51])
  expect(states(gate, [26, 26, 26, 26, 26, 26])).toBe('xxxxxx')
  expect(states(gate, [25, 25, 25, 25, 25])).toBe('xxxx.')
})

it('is never shut with a limit of 0', () => {
  expect(states(new LatenessGate(0), [900, 900, 900, 900])).toBe('....')
})
