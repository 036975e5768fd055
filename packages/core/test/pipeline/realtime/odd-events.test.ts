import { afterEach, describe, expect, it } from 'vitest'
import { createCallRig } from '../call-rig.ts'

const loose: unknown[] = []
const note = (thrown: unknown): void => void loose.push(thrown)
process.on('unhandledRejection', note)
afterEach(() => void (loose.length = 0))

async function onCall() {
  const rig = createCallRig({ realtime: {}, settings: { conversation: { greeting: '' } } })
  const session = rig.start()
  await rig.silence(1000)
  return { ...rig, session, model: rig.realtime!.sessions[0]! }
}

describe('an event of a speech-to-speech model that is none', () => {
  it.each<[unknown, string]>([
    [{ type: 'tool-call' }, '"id" of tool-call is not a text'],
    [
      { type: 'tool-call', id: '1', name: 'hang_up', arguments: {} },
      '"arguments" of tool-call is not a text',
    ],
    [{ type: 'caller-final', itemId: 'c' }, '"text" of caller-final is not a text'],
    [{ type: 'caller-partial', itemId: 'c', text: null }, '"text" of caller-partial is not a text'],
    [{ type: 'agent-final', itemId: 4, text: 'a' }, '"itemId" of agent-final is not a text'],
    [{ type: 'audio', audio: new Uint8Array(160) }, '"itemId" of audio is not a text'],
    [{ type: 'reply-ended', reason: 'done' }, '"replyId" of reply-ended is not a text'],
    [{ type: 'speech-started', atMs: '5' }, '"atMs" of speech-started is not a number'],
    [null, 'an event that is no object'],
    [{}, 'an event without a type'],
  ])('ends its call and is told as a fault of the plugin: %#', async (event, fault) => {
    const rig = await onCall()
    rig.model.emit({ type: 'speech-stopped', atMs: 80 })
    rig.model.emit({ type: 'reply-started', replyId: 'r' })
    rig.model.emit(event as never)
    await rig.silence(500)
    await rig.end()
    expect((await rig.session.done).endedBy).toBe('failure')
    expect(rig.of('stage_failed').map((told) => told.private['error'])).toEqual([`fake: session: ${fault}`])
    expect(loose).toEqual([])
  })

  it.each([Number.NaN, -1e12, 1e12])('may have a time that is none: %s', async (atMs) => {
    const rig = await onCall()
    rig.model.answer('what time is it', { text: 'It is half past two, and there is more to say about that.' })
    await rig.silence(1000)
    rig.model.emit({ type: 'speech-started', atMs })
    await rig.silence(600)
    expect(rig.of('interrupted').map(({ fields }) => fields['after_speech_ms'])).toEqual([200])
    rig.model.emit({ type: 'speech-stopped', atMs })
    await rig.end()
    expect((await rig.session.done).endedBy).toBe('caller')
  })

  it('may tell of a failed answer with an error that is none', async () => {
    const rig = await onCall()
    rig.model.emit({ type: 'speech-stopped', atMs: 80 })
    rig.model.emit({ type: 'reply-started', replyId: 'r' })
    rig.model.emit({ type: 'reply-ended', replyId: 'r', reason: 'failed', error: 'no luck' as never })
    await rig.silence(500)
    expect(rig.of('llm_failed').map(({ fields }) => fields['code'])).toEqual(['KAV_PLUGIN_BUG'])
    await rig.end()
    expect((await rig.session.done).endedBy).toBe('caller')
  })
})
