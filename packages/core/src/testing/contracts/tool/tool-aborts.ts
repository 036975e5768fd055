import { setTimeout as sleep } from 'node:timers/promises'
import type { ToolProvider } from '../../../contracts/index.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import { settled } from '../common/outcome.ts'
import type { ToolBench } from './tool-bench.ts'

/** By then a use that goes on behind its abort has got to the far end. */
const ACTED_MS = 100

/** That an aborted use does nothing any more: what it says to the model is "not done". */
export function abortedUses({ options, suite, promptMs, use }: ToolBench): ContractCase[] {
  const { carriedOut } = options
  if (carriedOut === undefined) return []
  const expectNoneDone = async (before: number, whose: string) => {
    await sleep(ACTED_MS)
    const done = (await carriedOut()) - before
    expect(done === 0, `no use to be carried out whose signal ${whose}`, `${done} were`)
  }
  const abortedBefore = async (provider: ToolProvider) => {
    const before = await carriedOut()
    for (const call of options.calls) {
      const aborted = settled(use(provider, call, AbortSignal.abort()))
      await within(aborted, promptMs, `${call.tool} to settle when its signal had aborted`)
    }
    await expectNoneDone(before, 'had aborted')
  }
  const abortedAtOnce = async (provider: ToolProvider) => {
    for (const call of options.calls) {
      const abort = new AbortController()
      const running = settled(use(provider, call, abort.signal))
      // One that is done by now has begun before its signal aborted.
      const before = carriedOut()
      abort.abort()
      await within(running, promptMs, `${call.tool} to settle when its signal aborts at once`)
      if (typeof before === 'number') await expectNoneDone(before, 'aborts before its work has begun')
    }
  }
  return [
    suite.on('acts-no-more', 'a use whose signal had aborted is not carried out', abortedBefore),
    suite.on('acts-no-more', 'a use whose signal aborts at once is not carried out', abortedAtOnce),
  ]
}
