import type { ToolProvider } from '../../../contracts/index.ts'
import { expect, type ContractCase } from '../common/contract-case.ts'
import type { ToolBench } from './tool-bench.ts'

const CALLERS = ['contract-anna', 'contract-berta', 'contract-carl'] as const

/** That what is known of one call is told to no other. */
export function callersApart({ options, suite, ask, textOf }: ToolBench): ContractCase[] {
  async function tellsEachItsOwn(provider: ToolProvider): Promise<void> {
    for (const call of options.calls) {
      const asked = CALLERS.map(async (callId, index) => {
        const from = `+1555010${index}000`
        const result = await ask(provider, call, { callId, params: { ...options.params, from } })
        return { callId, from, text: textOf(call, result) }
      })
      const told = await Promise.all(asked)
      for (const { text, ...own } of told) {
        const others = told
          .filter(({ callId }) => callId !== own.callId)
          .flatMap(({ callId, from }) => [callId, from])
        const isOwn = !others.some((mark) => text.includes(mark))
        expect(
          isOwn,
          `${call.tool} to tell a call what is its own`,
          'it tells of another call at the same time',
        )
      }
    }
  }
  return [suite.on('callers', 'each call is told what is its own', tellsEachItsOwn)]
}
