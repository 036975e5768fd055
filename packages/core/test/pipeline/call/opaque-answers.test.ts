import { describe, expect, it } from 'vitest'
import { type LlmRequest, ProviderError } from '../../../src/index.ts'
import { createCallRig } from '../call-rig.ts'
import { lastingTool } from './tool-rigs.ts'

const thought = { thinking: 'first', signature: 's1' }
const later = { thinking: 'second', signature: 's2' }

/** What a request holds of the agent's answers. */
const opaques = ({ messages }: LlmRequest): unknown[] =>
  messages.flatMap((message) => ('opaque' in message ? [message.opaque] : []))

async function says(rig: ReturnType<typeof createCallRig>, text: string): Promise<void> {
  await rig.speak(400)
  rig.stt.sessions[0]!.emit({ type: 'final', text })
  await rig.silence(3000)
}

describe('opaque data of an answer', () => {
  it('comes back with it in the next request, unchanged, behind the tools and in the next turn', async () => {
    const rig = createCallRig({
      settings: { conversation: { greeting: '' } },
      llm: {
        replies: [
          { text: 'One moment.', toolCalls: [{ id: 'a', name: 'look', arguments: '{}' }], opaque: thought },
          { text: 'It is nine.', opaque: later },
          'Goodbye.',
        ],
      },
      tools: lastingTool('look', async () => 'nine'),
    })
    rig.start()
    await says(rig, 'what time is it')
    await says(rig, 'thank you')
    const [, second, third] = rig.llm.requests
    expect(opaques(second!.request)[0]).toBe(thought)
    expect(opaques(third!.request)).toEqual([thought, later])
    await rig.end()
  })

  it('is never given to another model', async () => {
    const network = new ProviderError('network', 'gone')
    const asked: LlmRequest[] = []
    const rig = createCallRig({
      settings: { conversation: { greeting: '' } },
      llm: { replies: [{ text: 'It is nine.', opaque: thought }, { error: network }] },
      fallbackLlm: { replies: (request) => (asked.push(request), { text: 'You are welcome.' }) },
    })
    rig.start()
    await says(rig, 'what time is it')
    await says(rig, 'thank you')
    expect(asked).toHaveLength(1)
    expect(asked[0]!.messages.map(({ content }) => content)).toContain('It is nine.')
    expect(asked.flatMap(opaques)).toEqual([])
    await rig.end()
  })
})
