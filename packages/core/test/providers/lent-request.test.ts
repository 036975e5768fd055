import { expect, it } from 'vitest'
import type { LlmMessage, LlmRequest } from '../../src/index.ts'
import { createConversationHistory } from '../../src/pipeline/replying/history.ts'
import { lentRequest } from '../../src/providers/lent-request.ts'

const tool = { name: 'find', description: 'Finds.', parameters: { type: 'object', properties: { id: {} } } }

/** A plugin that makes itself at home in what it was lent. */
function meddle({ messages, tools }: LlmRequest): number {
  const changes = [
    () => (messages as LlmMessage[]).push({ role: 'user', content: 'mine' }),
    () => (messages as LlmMessage[]).splice(0),
    () => Object.assign(messages[1]!, { content: 'mine' }),
    () => Object.assign(messages[2]!, { toolCalls: [] }),
    () => Object.assign((messages[2] as never as { toolCalls: object[] }).toolCalls[0]!, { arguments: '{}' }),
    () => (messages[2] as never as { toolCalls: object[] }).toolCalls.pop(),
    () => (tools as object[]).pop(),
    () => Object.assign(tools[0]!, { name: 'mine' }),
    () => Object.assign(tools[0]!.parameters, { type: 'string' }),
    () => delete (tools[0]!.parameters['properties'] as { id?: object }).id,
  ]
  return changes.filter((change) => {
    try {
      change()
      return true
    } catch {
      return false
    }
  }).length
}

it('a model that meddles with its request changes no history, no tool and no other request', () => {
  const history = createConversationHistory(() => 'You are friendly.')
  history.user('Where is my order?')
  const entry = history.agent()
  const ledger = entry.toolCalls(0, [{ id: 'a', name: 'find', arguments: '{"id":1}' }])
  ledger.started(0)
  ledger.result(0, 'on its way')
  const asked = () =>
    lentRequest({ callId: 'one', messages: history.messages(undefined, entry), tools: [tool] })
  const before = structuredClone(asked())
  expect(meddle(asked())).toBe(0)
  expect(structuredClone(asked())).toEqual(before)
  expect(asked().tools[0]).toBe(asked().tools[0])
  ledger.result(0, 'it has arrived')
  expect(asked().messages.at(-1)).toMatchObject({ content: 'it has arrived' })
  expect(tool.parameters).toEqual({ type: 'object', properties: { id: {} } })
})
