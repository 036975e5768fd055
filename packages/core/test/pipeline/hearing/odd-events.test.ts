import { describe, expect, it } from 'vitest'
import { createSttRig, numbers, range } from './stt-rig.ts'

describe('an event that is none', () => {
  const trap = new Proxy({}, { get: throws, has: throws, ownKeys: throws })
  function throws(): never {
    throw new Error('trap')
  }
  it.each<[unknown, string]>([
    [{ type: 'final', text: 42 }, '"text" of final is not a text'],
    [{ type: 'final' }, 'final without a text'],
    [{ type: 'partial', text: null }, 'partial without a text'],
    [{ type: 'partial', text: 'a', stability: 1n }, '"stability" of partial is not a number'],
    [{ type: 'final', text: 'a', endMs: '5' }, '"endMs" of final is not a number'],
    [{ type: 'final', text: 'a', language: 42 }, '"language" of final is not a text'],
    [{ type: 'final', text: 'a', alternatives: [3n] }, '"alternatives" of final is not a list of texts'],
    [
      { type: 'final', text: 'a', words: [{ word: 'a' }] },
      '"words" of final is not a list of words with their times',
    ],
    [{ type: 'speech-started', atMs: {} }, '"atMs" of speech-started is not a number'],
    [null, 'an event that is no object'],
    [{}, 'an event without a type'],
    [trap, 'an event that cannot be read'],
  ])('costs the session, not the call, and is told as a fault of the plugin: %#', async (event, fault) => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1500)
    rig.live().emit({ type: 'partial', text: 'he' })
    rig.live().emit(event as never)
    await rig.speak(500)
    expect(rig.of('stt_lost').map(({ fields }) => fields['code'])).toEqual(['KAV_PLUGIN_BUG'])
    expect(JSON.stringify(rig.of('stt_lost'))).toContain(fault.replaceAll('"', String.raw`\"`))
    rig.live().emit({ type: 'final', text: 'heard again' })
    await rig.speak(20)
    await rig.end()
    expect(rig.texts()).toEqual(['heard again'])
    expect(numbers(rig.live())).toEqual(range(0, rig.frames))
  })
})
