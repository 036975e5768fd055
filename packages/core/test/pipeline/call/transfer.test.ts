import { describe, expect, it } from 'vitest'
import { rigTools } from './tool-rigs.ts'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'
import { expectStrictOrder } from '../strict-messages.ts'

const LINE = 'That did not work.'
const to = (name: string) => ({
  id: `t-${name}`,
  name: 'transfer',
  arguments: JSON.stringify({ to: name }),
})
const tools = rigTools({
  transfer: { numbers: { sales: '+15550101', support: '+15550102' } },
})

type Failure = NonNullable<NonNullable<CallRigOptions['call']>['transfers']>[number]
const FAILURES: readonly (readonly [string, Failure])[] = [
  ['is refused', { error: new Error('no route') }],
  ['is refused late', { afterMs: 3000, error: new Error('busy') }],
  ['never answers', { afterMs: Infinity }],
]

function staged(transfers: readonly Failure[]) {
  return createCallRig({
    settings: { conversation: { greeting: '' } },
    call: { transferable: true, transfers },
    llm: {
      replies: [
        { text: 'To sales.', toolCalls: [to('sales')] },
        { text: 'To support.', toolCalls: [to('support')] },
      ],
    },
    tools,
  })
}

async function says(rig: ReturnType<typeof createCallRig>, text: string): Promise<void> {
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text })
}

describe('a transfer in stages that fails', () => {
  it.each(FAILURES)(
    '%s: the line is said, the model is told, the call goes on, and a second one works',
    async (_how, how) => {
      const rig = staged([how])
      const session = rig.start()
      await rig.silence(100)
      await says(rig, 'sales please')
      await rig.silence(13_000)
      expect(rig.far.ended).toBeUndefined()
      expect(rig.of('agent_said').map(({ private: said }) => said['text'])).toEqual(['To sales.', LINE])
      expect(rig.of('transfer_failed')).toHaveLength(1)
      expect(rig.of('hang_up_requested')).toEqual([])

      await says(rig, 'support then')
      await rig.silence(6000)
      const { messages } = rig.llm.requests.at(-1)!.request
      expectStrictOrder(messages)
      expect(messages.slice(-4)).toMatchObject([
        { role: 'assistant', content: 'To sales.' },
        { role: 'tool', content: expect.stringMatching(/^The transfer failed/) },
        { role: 'assistant', content: LINE },
        { role: 'user', content: 'support then' },
      ])
      expect(rig.far.transferredTo).toBe('+15550102')
      expect(await session.done).toMatchObject({ endedBy: 'transferred' })
      await rig.wait(20_000)
      expect(rig.time.pending()).toBe(0)
    },
  )

  it('and whose caller hangs up afterwards was ended by the caller', async () => {
    const rig = staged([{ error: new Error('no route') }])
    rig.start()
    await rig.silence(100)
    await says(rig, 'sales please')
    await rig.silence(6000)
    expect(await rig.end()).toMatchObject({ endedBy: 'caller' })
  })

  it('while the caller talks: what they say is answered by a model that knows, and no line is spoken over them', async () => {
    const rig = staged([{ afterMs: 4000, error: new Error('busy') }])
    rig.start()
    await rig.silence(100)
    await says(rig, 'sales please')
    await rig.silence(2500)
    await says(rig, 'are they even open')
    await rig.silence(3000)
    expect(rig.llm.requests).toHaveLength(1 + 1)
    expect(rig.llm.requests[1]!.request.messages.slice(-2)).toMatchObject([
      { role: 'assistant' },
      { role: 'user', content: 'are they even open' },
    ])
    expect(JSON.stringify(rig.llm.requests[1]!.request.messages)).toContain('The transfer failed')
    expect(rig.of('agent_said').map(({ private: said }) => said['text'])).not.toContain(LINE)
    await rig.end()
  })

  it('whose caller hangs up meanwhile is told of nothing, and the record says who ended it', async () => {
    const rig = staged([{ afterMs: 60_000, error: new Error('busy') }])
    rig.start()
    await rig.silence(100)
    await says(rig, 'sales please')
    await rig.silence(4000)
    expect(rig.of('transfer_requested')).toHaveLength(1)
    expect(await rig.end()).toMatchObject({ endedBy: 'caller' })
    await rig.wait(60_000)
    expect(rig.of('transfer_failed')).toEqual([])
    expect(rig.time.pending()).toBe(0)
  })

  it('in time but is taken late hands the caller over all the same', async () => {
    const rig = staged([{ afterMs: 20_000 }])
    const session = rig.start()
    await rig.silence(100)
    await says(rig, 'sales please')
    await rig.silence(13_000)
    expect(rig.of('transfer_failed')).toHaveLength(1)
    await rig.silence(14_000)
    expect(await session.done).toMatchObject({ endedBy: 'transferred' })
  })
})

describe('a transfer that is under way', () => {
  const operator = { type: 'transfer', to: '+15550103' } as const

  it('is the only one: another is refused at once, the carrier is not asked, and the first goes on', async () => {
    const rig = staged([{ afterMs: 2000 }])
    const session = rig.start()
    await rig.silence(100)
    const first = session.control.act({ ...operator, to: '+15550101' }, 'one')
    const second = session.control.act(operator, 'other')
    await rig.silence(100)
    expect(await second).toMatchObject({ done: false, why: 'not-taken' })
    await rig.silence(3000)
    expect(await first).toEqual({ done: true })
    expect(rig.far.transferredTo).toBe('+15550101')
    expect([rig.of('transfer_requested').length, rig.of('transfer_failed').length]).toEqual([1, 0])
    expect(await session.done).toMatchObject({ endedBy: 'transferred' })
  })

  it('ends with the call that we end meanwhile: nothing of it is waited for, and no timer is left', async () => {
    const rig = staged([{ afterMs: Infinity }])
    const session = rig.start()
    await rig.silence(100)
    const first = session.control.act(operator, 'one')
    await rig.silence(100)
    session.hangUp('operator')
    await rig.wait(3000)
    expect(await session.done).toMatchObject({ endedBy: 'operator' })
    expect(await first).toEqual({ done: true })
    expect(rig.time.pending()).toBe(0)
  })
})

describe('a transfer by a speech-to-speech model that fails', () => {
  it.each(FAILURES)(
    '%s: the model is told and says so, the call goes on, and a second one works',
    async (_how, how) => {
      const rig = createCallRig({
        settings: { conversation: { greeting: '' } },
        call: { transferable: true, transfers: [how] },
        realtime: {
          replies: [
            { text: 'To sales.', toolCalls: [to('sales')] },
            { text: 'They do not answer.' },
            { text: 'To support.', toolCalls: [to('support')] },
          ],
        },
        tools,
      })
      const session = rig.start()
      await rig.silence(100)
      const model = rig.realtime!.sessions[0]!
      model.speechStopped('sales please')
      await rig.silence(13_000)
      expect(rig.far.ended).toBeUndefined()
      expect(model.toolResults).toEqual([{ callId: 't-sales', content: expect.stringContaining(LINE) }])
      expect(rig.of('agent_said').at(-1)!.private['text']).toBe('They do not answer.')
      model.speechStopped('support then')
      await rig.silence(5000)
      expect(rig.far.transferredTo).toBe('+15550102')
      expect(await session.done).toMatchObject({ endedBy: 'transferred' })
    },
  )

  it('and that has no word for it: the line is said all the same, once', async () => {
    const rig = createCallRig({
      settings: { conversation: { greeting: '' } },
      call: { transferable: true, transfers: [{ error: new Error('no route') }] },
      realtime: { replies: [{ text: 'To sales.', toolCalls: [to('sales')] }, {}] },
      tools,
    })
    rig.start()
    await rig.silence(100)
    const model = rig.realtime!.sessions[0]!
    model.speechStopped('sales please')
    await rig.silence(8000)
    expect(model.said).toEqual([LINE])
    expect(await rig.end()).toMatchObject({ endedBy: 'caller' })
  })
})
