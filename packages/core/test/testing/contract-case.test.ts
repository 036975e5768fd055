import { expect, it } from 'vitest'
import { createGate, createPushQueue } from '../../src/kit/index.ts'
import { ProviderError } from '../../src/index.ts'
import { told } from '../../src/testing/contracts/common/contract-case.ts'

/** What `run` throws. */
function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (thrown) {
    return thrown
  }
}

it('a mistake of a plugin is told with its own line, not with that of the core it called', () => {
  const mistake = thrownBy(() => (createGate() as unknown as { unlock(): void }).unlock())
  expect(told(mistake)).toMatch(/^TypeError: .*unlock.* \(at \S*contract-case\.test\.ts:\d+:\d+\)$/)
  const queue = createPushQueue<number>()
  queue.push(1)
  expect(told(thrownBy(() => queue.withdraw(undefined as never)))).toMatch(/contract-case\.test\.ts:\d+/)
})

it('what a provider means to throw has no place', () => {
  expect(told(new ProviderError('auth', 'the key is wrong'))).toBe('ProviderError: the key is wrong')
  expect(told('thrown')).toBe('thrown')
})
