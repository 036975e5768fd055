import { testContext, testParams } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { mcpTools } from '../src/mcp-tools.ts'

/** Says nothing, and ends a little after nobody writes to it any more. */
const SILENT = { command: 'sh', args: ['-c', 'cat >/dev/null; sleep 0.05'], allow: ['order_state'] }

const programs = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

it('a program that is given up at any step of its start has ended when the provider is closed', async () => {
  const before = programs()
  const left: number[] = []
  for (let step = 0; step < 60; step += 6) {
    const provider = mcpTools.create(testParams(mcpTools.params, SILENT), testContext())
    const connected = provider.warm?.()
    await turns(step)
    await provider.close()
    // Until Node has let go of what was a process.
    await turns(5)
    if (programs() > before) left.push(step)
    await connected
  }
  expect(left).toEqual([])
})
