import { expect, it } from 'vitest'
import { createChangeWatch } from '../../src/testing/change-watch.ts'

it('resolves at once or at the change that makes the condition true', async () => {
  const { changed, until } = createChangeWatch('a server')
  let heard = 0
  await until(() => heard === 0)
  const two = until(() => heard === 2)
  for (heard of [1, 2]) changed()
  await two
})

it('names who was waited for, and what', async () => {
  const { until } = createChangeWatch('a server')
  await expect(until(() => false, 1)).rejects.toThrow('a server: not so within 1 ms: () => false')
})
