import type { LlmEvent, LlmMessage, LlmProvider } from '../../../contracts/index.ts'
import { expect, type ContractCase } from '../common/contract-case.ts'
import { deepFreeze, type LlmBench } from './llm-bench.ts'
import { expectBilled } from '../common/token-usage.ts'

/** Nobody says it by chance. */
const MARK = 'Kumquat-48213'

/** That what one caller said is told to no other, and what is billed is billed once. */
export function callsApart({
  options,
  suite,
  request,
  ask,
  textOf,
  expectWhole,
  expectAnswer,
}: LlmBench): ContractCase[] {
  const marked = deepFreeze({
    ...request,
    callId: 'contract-first',
    messages: [...answered(request.messages), { role: 'user' as const, content: `My word is ${MARK}.` }],
  })

  async function tellsNothing(provider: LlmProvider): Promise<void> {
    await ask(provider, marked)
    for (const callId of ['contract-second', 'contract-third']) {
      const events = await ask(provider, deepFreeze({ ...request, callId }))
      expectWhole(events)
      expectAnswer(events)
      const isLeft = !textOf(events).includes(MARK)
      expect(isLeft, 'nothing of another call in an answer', 'it holds what the caller of the other one said')
    }
  }

  return [
    suite.onFresh('calls-apart', 'an answer holds nothing of another call', tellsNothing),
    suite.on('usage-once', 'what is billed is told once', async (provider) => {
      const usages = (await ask(provider)).filter((event): event is Usage => event.type === 'usage')
      if (options.billed !== undefined) return expectBilled(usages, options.billed())
      const again = usages.filter((usage, at) => at > 0 && isSinceTheStart(usages[at - 1]!, usage)).length
      const told = `${again} of ${usages.length} tell again what the one before told`
      expect(again === 0, 'usage since the last usage, not since the start', told)
    }),
  ]
}

/** Some models refuse two messages of the user in a row. */
function answered(messages: readonly LlmMessage[]): readonly LlmMessage[] {
  return messages.at(-1)?.role === 'user'
    ? [...messages, { role: 'assistant', content: 'How can I help you?' }]
    : messages
}

/** The same went in, and as much or more came out. Two requests behind one answer differ in what goes in. */
function isSinceTheStart(before: Usage, usage: Usage): boolean {
  return (
    usage.inputTokens > 0 &&
    usage.inputTokens === before.inputTokens &&
    usage.outputTokens >= before.outputTokens
  )
}

type Usage = Extract<LlmEvent, { type: 'usage' }>
