import { expect, it } from 'vitest'
import { createCallRig } from '../call-rig.ts'

it('a tool’s name that the model made up is told as private as its words', async () => {
  const name = 'giraffe_of_john_smith_15551234567'
  const toolCalls = [
    { id: '1', name, arguments: '{}' },
    { id: '2', name: 'hang_up', arguments: '{}' },
  ]
  const rig = createCallRig({
    settings: { conversation: { greeting: '' } },
    llm: { replies: [{ text: 'One moment.', toolCalls }, 'Sorry.'] },
  })
  rig.start()
  await rig.silence(500)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'hello' })
  await rig.silence(5000)
  const told = [...rig.of('tool_called'), ...rig.of('tool_ended'), ...rig.of('tool_failed')]
  expect(JSON.stringify(told.map(({ fields }) => fields))).not.toContain('giraffe')
  expect(rig.of('tool_called').map(({ fields, private: said }) => [fields['tool'], said['tool']])).toEqual([
    ['(made up)', name],
    ['hang_up', undefined],
  ])
  await rig.end()
})
