import { describe, expect, it } from 'vitest'
import type { FakeRealtimeReply } from '../../../src/testing/index.ts'
import { NOISE_AFTER_MS } from '../../../src/pipeline/realtime/realtime-barge-in.ts'
import { createCallRig } from '../call-rig.ts'
import { lastingTool, rigTools } from '../call/tool-rigs.ts'

const GOODBYE = 'All right, goodbye and have a nice day my friend, it was a pleasure.'
const call = (name: string) => ({ id: `c-${name}`, name, arguments: '{}' })

async function onCall(
  replies: readonly FakeRealtimeReply[],
  options: Parameters<typeof createCallRig>[0] = {},
) {
  const rig = createCallRig({
    settings: { conversation: { greeting: '' } },
    realtime: { replies },
    ...options,
  })
  const session = rig.start()
  await rig.silence(100)
  const model = rig.realtime!.sessions[0]!
  async function says(text: string, ms = 300): Promise<void> {
    await rig.speak(ms)
    model.speechStarted(ms)
    await rig.silence(300)
    model.speechStopped(text, 200)
  }
  const said = () => rig.of('agent_said').map(({ private: words }) => words['text'])
  return { ...rig, session, model, says, said }
}

describe('a hang-up that the caller speaks into', () => {
  it.each([['hang_up'], ['hang_up', 'hang_up']])(
    'is answered as a follow-up, which does not speak over them (%j)',
    async (...names) => {
      const toolCalls = names.map((name, index) => ({ ...call(name), id: `h${index}` }))
      const rig = await onCall([
        { text: GOODBYE, toolCalls },
        { text: 'Of course, what else can I do for you?', afterMs: 100 },
        { text: 'The answer to your real question.', afterMs: 100 },
      ])
      await rig.says('thanks, that is all')
      await rig.silence(1500)
      await rig.speak(100)
      rig.model.speechStarted(100)
      const fromMs = rig.clock.nowMs()
      await rig.speak(2500)
      const over = rig.far.sent.filter(({ kind, atMs }) => kind === 'frame' && atMs > fromMs + 300)
      expect(over).toEqual([])
      expect(rig.model.toolResults.map(({ callId, content }) => [callId, content])).toEqual(
        toolCalls.map(({ id }) => [id, 'The caller spoke before the call ended, so it goes on.']),
      )
      await rig.silence(300)
      rig.model.speechStopped('one more question', 200)
      await rig.silence(3000)
      expect(rig.said().at(-1)).toBe('The answer to your real question.')
      expect(rig.of('turn_ended').map(({ fields }) => fields['turn'])).toEqual([1, 2])
      expect(rig.far.ended).toBeUndefined()
      await rig.end()
    },
  )
})

describe('an operator who stops a speech-to-speech model', () => {
  it.each([
    ['a farewell', 'hang_up', /^A supervisor .* it goes on/],
    ['a tool', 'look', /^A supervisor .* may have been/],
    ['keys', 'press_keys', /^Cut off, since a supervisor/],
  ] as const)('in %s: the model is told who it was', async (_what, name, told) => {
    const args = name === 'press_keys' ? JSON.stringify({ keys: 'wwwwwwwwwwwwwwww1' }) : '{}'
    const rig = await onCall([{ text: 'Now.', toolCalls: [{ ...call(name), arguments: args }] }], {
      tools: rigTools(
        { pressKeys: true, codeTimeoutsMs: [60_000] },
        ['look'],
        () => new Promise(() => undefined),
      ),
    })
    await rig.says('do it please')
    await rig.silence(name === 'press_keys' ? 400 : 60)
    await rig.session.control.act({ type: 'interrupt' }, 'Dana')
    await rig.silence(300)
    expect(rig.model.toolResults.map(({ content }) => content)).toEqual([expect.stringMatching(told)])
    expect(rig.of('interrupted').map(({ fields }) => fields['by'])).toEqual(['operator'])
    await rig.end()
  })
})

describe('a tool call of a reply that was interrupted', () => {
  it('is dropped when it comes late, and counted', async () => {
    let runs = 0
    const rig = await onCall([], { tools: rigTools({}, ['book'], async () => String(++runs)) })
    rig.model.emit({ type: 'speech-stopped', atMs: 80 })
    rig.model.emit({ type: 'reply-started', replyId: 'r' })
    rig.model.emit({ type: 'audio', itemId: 'i', audio: new Uint8Array(16_000).fill(0x20) })
    await rig.silence(300)
    await rig.speak(400)
    expect(rig.of('interrupted')).toHaveLength(1)
    rig.model.emit({ type: 'tool-call', ...call('book') })
    rig.model.emit({ type: 'reply-ended', replyId: 'r', reason: 'interrupted' })
    await rig.silence(500)
    expect([runs, rig.model.toolResults]).toEqual([0, []])
    expect(rig.of('tool_dropped').map(({ fields }) => fields)).toEqual([{ turn: 1, tool: 'book' }])
    await rig.end()
  })
})

describe('a farewell to something that failed', () => {
  it.each([[['book', 'hang_up']], [['hang_up', 'book']]])(
    '%j: the model is asked once more',
    async (order) => {
      const rig = await onCall(
        [
          { text: 'I am booking it. Goodbye!', toolCalls: order.map(call) },
          { text: 'I am sorry, there is none.' },
        ],
        { tools: rigTools({}, ['book'], () => Promise.reject(new Error('no table is free'))) },
      )
      await rig.says('a table please')
      await rig.silence(8000)
      expect(rig.said().at(-1)).toBe('I am sorry, there is none.')
      expect(rig.model.toolResults.map(({ content }) => content).sort()).toEqual([
        expect.stringMatching(/^Not yet/),
        expect.stringMatching(/no table is free/),
      ])
      expect(rig.far.ended).toBeUndefined()
      await rig.end()
    },
  )
})

describe('voice without words beside a speech-to-speech model', () => {
  it('is an idle caller after a while', async () => {
    const idle = { afterMs: 2000, prompts: ['Still there?'], farewell: '' }
    const rig = await onCall([], { settings: { conversation: { greeting: '', idle } } })
    await rig.speak(NOISE_AFTER_MS + 2500)
    expect(rig.of('noise')).toHaveLength(1)
    expect(rig.model.said).toEqual(['Still there?'])
    await rig.end()
  })

  it('does not keep the result of a tool from being told for ever', async () => {
    const answers: (() => void)[] = []
    const rig = await onCall([{ text: 'Let me see.', toolCalls: [call('look')] }, { text: 'Seventeen.' }], {
      tools: rigTools(
        { codeTimeoutsMs: [60_000] },
        ['look'],
        () => new Promise((resolve) => void answers.push(() => resolve('17'))),
      ),
      settings: { conversation: { greeting: '', bargeIn: { mode: 'words' } } },
    })
    await rig.says('how many')
    await rig.silence(2000)
    await rig.speak(NOISE_AFTER_MS + 500)
    answers[0]!()
    await rig.speak(2000)
    expect(rig.said()).toContain('Seventeen.')
    await rig.end()
  })
})

describe('a tool that goes on although the caller spoke over it', () => {
  async function spokenOver(outcome: 'booked' | 'no table') {
    let end = (): void => undefined
    const book = () =>
      new Promise<string>((resolve, reject) => {
        end = () => (outcome === 'booked' ? resolve(outcome) : reject(new Error(outcome)))
      })
    const rig = await onCall(
      [
        { text: 'I am booking it now, one moment, it will not take long.', toolCalls: [call('book')] },
        { text: 'We open at nine.' },
        { text: outcome },
      ],
      { tools: lastingTool('book', book) },
    )
    await rig.says('a table please')
    await rig.silence(1000)
    await rig.says('and when do you open', 600)
    await rig.silence(2500)
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.said().at(-1)).toBe('We open at nine.')
    return { ...rig, toolEnds: () => end() }
  }

  it.each(['booked', 'no table'] as const)(
    'is answered once, with what became of it: %s',
    async (outcome) => {
      const rig = await spokenOver(outcome)
      expect(rig.model.toolResults).toEqual([])
      rig.toolEnds()
      await rig.silence(2000)
      expect(rig.model.toolResults).toEqual([
        { callId: 'c-book', content: expect.stringContaining(outcome) as string },
      ])
      const failed = outcome === 'no table'
      expect(rig.of('tool_late').map(({ fields }) => fields)).toEqual([{ turn: 1, tool: 'book', failed }])
      expect(rig.of('tool_failed')).toHaveLength(failed ? 1 : 0)
      expect(rig.said().at(-1)).toBe(outcome)
      // It is told in the turn in which it came, and is no turn of its own.
      expect(rig.of('turn_ended').map(({ fields }) => fields['turn'])).toEqual([1, 2])
      await rig.end()
    },
  )

  it('is not answered once the call is over', async () => {
    const rig = await spokenOver('booked')
    rig.far.hangUp('caller')
    await rig.silence(200)
    rig.toolEnds()
    await rig.silence(200)
    expect(rig.model.toolResults).toEqual([])
    expect(rig.of('tool_late')).toEqual([])
  })
})

describe('a model that is careless with its answers', () => {
  const NONE = new Uint8Array(0)
  const SPOKEN = new Uint8Array(1600).fill(0x20)
  const endings = (rig: Awaited<ReturnType<typeof onCall>>) =>
    rig.of('reply_ended').map(({ fields }) => [fields['turn'], fields['outcome']])

  it('has not spoken with audio of no length: the caller hears that it failed', async () => {
    const rig = await onCall([])
    rig.model.emit({ type: 'speech-stopped', atMs: 80 })
    rig.model.emit({ type: 'reply-started', replyId: 'r' })
    rig.model.emit({ type: 'audio', itemId: 'i', audio: NONE })
    rig.model.emit({ type: 'reply-ended', replyId: 'r', reason: 'failed' })
    await rig.silence(3000)
    expect(rig.model.said).toEqual(['Sorry, say that again.'])
    expect(endings(rig)).toEqual([[1, 'failed']])
    expect(rig.of('turn_latency')).toEqual([])
    await rig.end()
  })

  it('has ended one answer when it begins another, whatever it tells of the first then', async () => {
    const idle = { afterMs: 1000, prompts: ['Still there?'], farewell: '' }
    const rig = await onCall([], { settings: { conversation: { greeting: '', idle } } })
    rig.model.emit({ type: 'speech-stopped', atMs: 80 })
    rig.model.emit({ type: 'reply-started', replyId: 'a' })
    rig.model.emit({ type: 'audio', itemId: 'i', audio: SPOKEN })
    rig.model.emit({ type: 'reply-started', replyId: 'b' })
    rig.model.emit({ type: 'reply-ended', replyId: 'a', reason: 'done' })
    rig.model.emit({ type: 'audio', itemId: 'j', audio: SPOKEN })
    rig.model.emit({ type: 'reply-ended', replyId: 'b', reason: 'done' })
    await rig.silence(3000)
    expect(endings(rig)).toEqual([
      [1, 'heard'],
      [2, 'heard'],
    ])
    // Nobody is waited for any more: a caller who says nothing is asked.
    expect(rig.model.said).toEqual(['Still there?'])
    await rig.end()
  })
})
