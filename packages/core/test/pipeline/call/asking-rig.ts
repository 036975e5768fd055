import { expect } from 'vitest'
import type { LlmToolCall } from '../../../src/index.ts'
import type { FakeReply } from '../../../src/testing/index.ts'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'
import { expectSendable } from '../sendable-messages.ts'

type Conversation = NonNullable<CallRigOptions['settings']>['conversation']

export interface AskingOptions extends Omit<CallRigOptions, 'tools' | 'llm' | 'settings'> {
  readonly conversation?: Conversation
  /** How long the rig waits behind the question. */
  readonly waitMs: number
}

/** What the model calls; a text of arguments is sent as it stands. */
export const toolCall = (name: string, args: unknown = {}, id = `c-${name}`): LlmToolCall => ({
  id,
  name,
  arguments: typeof args === 'string' ? args : JSON.stringify(args),
})

/** A call whose caller has asked something, `waitMs` ago. */
export async function askingRig(
  replies: readonly (string | FakeReply)[],
  tools: CallRigOptions['tools'],
  { conversation, waitMs, ...more }: AskingOptions,
) {
  const rig = createCallRig({
    ...more,
    settings: { conversation: { greeting: '', ...conversation } },
    llm: { replies },
    ...(tools && { tools }),
  })
  const session = rig.start()
  const asks = async (text: string, ms: number) => {
    await rig.speak(600)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text })
    await rig.silence(ms)
  }
  await rig.silence(100)
  await asks('please do it', waitMs)
  const last = () => rig.llm.requests.at(-1)!.request.messages
  return {
    ...rig,
    asks,
    session,
    control: session.control,
    last,
    said: () => rig.of('agent_said').map(({ private: words }) => words['text']),
    /** What each call was told, in the newest request. */
    told: () => last().flatMap((message) => (message.role === 'tool' ? [message.content] : [])),
    /** The call ends; everything that every request held was such as servers take, and every tool has its end. */
    async over() {
      await rig.end()
      for (const { request } of rig.llm.requests) expectSendable(request.messages)
      expect(rig.of('stage_failed')).toEqual([])
      expect(rig.of('tool_ended')).toHaveLength(rig.of('tool_called').length)
      expect(rig.time.pending()).toBe(0)
    },
  }
}
