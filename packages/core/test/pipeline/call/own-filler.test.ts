import { expect, it } from 'vitest'
import { createCallRig } from '../call-rig.ts'
import { rigTools } from './tool-rigs.ts'

it('while a tool with a filler of its own takes long, that is heard, and not the filler of all', async () => {
  const rig = createCallRig({
    llm: {
      replies: [
        { text: '', toolCalls: [{ id: 'c1', name: 'slow', arguments: '{}' }] },
        { text: 'It is seven.' },
      ],
    },
    tools: (on) =>
      rigTools(
        { codeFillers: [{ afterMs: 300, texts: ['I am asking the shop.'] }] },
        ['slow'],
        () => new Promise((resolve) => void on.clock.after(2500, () => resolve('7'))),
      )(on),
    settings: {
      conversation: {
        greeting: '',
        tools: { fillerAfterMs: 800, fillerTexts: ['One moment.'], maxRounds: 3 },
      },
    },
  })
  rig.start()
  await rig.speak(600)
  rig.stt.sessions.at(-1)?.emit({ type: 'final', text: 'what is the number' })
  await rig.silence(6000)
  await rig.end()
  const spoken = rig.tts.requests.map(({ request }) => request.text)
  expect(spoken).toEqual(['I am asking the shop.', 'It is seven.'])
})
