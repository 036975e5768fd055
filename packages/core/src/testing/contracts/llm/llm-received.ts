import type { LlmMessage, LlmProvider, LlmTool } from '../../../contracts/index.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import { deepFreeze, type LlmBench } from './llm-bench.ts'
import { settled } from '../common/outcome.ts'

/** Words that no default holds, and that are written alike in any JSON. */
const [HOUSE, ASKED, ANSWERED, NOTED, ASKED_AGAIN] = [
  'Quillfeather-11',
  'Kumquat-22',
  'Damson-33',
  'Medlar-44',
  'Loquat-55',
] as const

const CONVERSATION: readonly LlmMessage[] = [
  { role: 'system', content: `The house is called ${HOUSE}.` },
  { role: 'user', content: `My word is ${ASKED}.` },
  { role: 'assistant', content: `Mine is ${ANSWERED}.` },
  { role: 'system', content: `The caller has pressed ${NOTED}.` },
  { role: 'user', content: `Now it is ${ASKED_AGAIN}.` },
]

/** What a model might call as well, and nothing here asks for. */
const ODD_TOOLS: readonly LlmTool[] = ['zebra_count', 'kumquat_price'].map((name) => ({
  name,
  description: `Never of use: ${name}-description.`,
  parameters: { type: 'object', properties: { [`${name}_day`]: { type: 'string' } } },
}))

/** What of a request has to get to the far side. */
export function receivedRequests({ options, suite, stepMs, ask }: LlmBench): ContractCase[] {
  const { receivedText, toolCall } = options
  if (receivedText === undefined) return []

  function expectThere(wanted: readonly string[], what: string): void {
    const got = receivedText!()
    const lost = wanted.filter((word) => !got.includes(word))
    expect(lost.length === 0, `${what} to reach the far side`, `these did not: ${lost.join(', ')}`)
  }

  /** Whatever is answered: a double need not know such a conversation. */
  const asked = (provider: LlmProvider, messages: readonly LlmMessage[], tools: readonly LlmTool[] = []) =>
    settled(ask(provider, deepFreeze({ callId: 'contract', messages: [...messages], tools: [...tools] })))

  async function passesOn(provider: LlmProvider): Promise<void> {
    await asked(provider, CONVERSATION)
    expectThere([HOUSE, ASKED, ANSWERED, NOTED, ASKED_AGAIN], 'the conversation')
    const got = receivedText!()
    const places = [ASKED, ANSWERED, ASKED_AGAIN].map((word) => got.indexOf(word))
    const isInOrder = places[0]! < places[1]! && places[1]! < places[2]!
    expect(isInOrder, 'the conversation to reach the far side in its order', 'it came in another')
  }

  async function sumsUp(provider: LlmProvider): Promise<void> {
    if (provider.summarize === undefined) return
    suite.witness.heard(...CONVERSATION.map(({ content }) => content))
    const [before, ...messages] = CONVERSATION.filter(({ role }) => role !== 'system')
    const wanted = deepFreeze({ callId: 'contract', before: before!.content, messages, maxChars: 400 })
    const summing = provider.summarize(wanted, new AbortController().signal)
    await within(settled(summing), stepMs, 'summarize to settle')
    expectThere([ASKED, ANSWERED, ASKED_AGAIN], 'what is summed up')
  }

  async function offers(provider: LlmProvider): Promise<void> {
    const [first, ...others] = ODD_TOOLS
    await asked(provider, toolCall!.messages, [first!, ...toolCall!.tools, ...others])
    const ofTool = ({ name }: LlmTool) => [name, `${name}-description`, `${name}_day`]
    expectThere(ODD_TOOLS.flatMap(ofTool), 'every tool')
  }

  return [
    suite.on('conversation', 'the conversation reaches the far side whole and in its order', passesOn),
    suite.on('summary-before', 'what was summed up before is summed up again', sumsUp),
    ...(toolCall === undefined
      ? []
      : [suite.on('offers', 'every tool that is offered reaches the far side', offers)]),
  ]
}
