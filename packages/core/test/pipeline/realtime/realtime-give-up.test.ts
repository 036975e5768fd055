import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../../src/contracts/index.ts'
import { FIRST_LANGUAGE } from '../../../src/host.ts'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'

const FAILS = { error: new ProviderError('network', 'the model failed') }
const SAY = 'Nothing works. Goodbye.'
const RECORDED = new Map([
  [
    FIRST_LANGUAGE,
    {
      text: 'We have a technical problem.',
      format: { encoding: 'linear16', sampleRateHz: 8000 } as const,
      audio: new Uint8Array(16_000).fill(0x10),
    },
  ],
])

function start(
  realtime: NonNullable<CallRigOptions['realtime']>,
  more: {
    readonly after?: number
    readonly to?: string
    readonly recorded?: boolean
    readonly transfers?: NonNullable<CallRigOptions['call']>['transfers']
  } = {},
) {
  const rig = createCallRig({
    realtime,
    settings: {
      conversation: {
        greeting: '',
        giveUp: { after: more.after ?? 2, say: SAY, ...(more.to !== undefined && { transferTo: more.to }) },
      },
    },
    call: { transferable: true, transfers: more.transfers ?? [] },
    ...(more.recorded && { recordedLines: RECORDED }),
  })
  const session = rig.start()
  return { rig, session }
}

async function ask(rig: ReturnType<typeof createCallRig>, text = 'when do you open'): Promise<void> {
  const model = rig.realtime!.sessions[0]!
  model.speechStarted()
  await rig.speak(400)
  await rig.silence(200)
  model.speechStopped(text)
  await rig.silence(3000)
}

describe('a speech-to-speech call of which nothing comes', () => {
  it('ends behind the last words, said once, after so many answers in a row that failed', async () => {
    const { rig, session } = start({ replies: [FAILS, FAILS] })
    await rig.silence(200)
    await ask(rig)
    expect(rig.of('gave_up')).toEqual([])
    await ask(rig)
    await rig.silence(3000)
    expect(rig.realtime!.sessions[0]!.said).toEqual(['Sorry, say that again.', SAY])
    expect(rig.of('gave_up').map(({ fields }) => fields)).toEqual([
      { failures: 2, stage: 'model', then: 'hang_up' },
    ])
    expect(rig.of('prompt_ended').at(-1)!.fields).toMatchObject({ outcome: 'heard' })
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
    expect(rig.time.pending()).toBe(0)
  })

  it('begins the count anew with an answer', async () => {
    const { rig } = start({ replies: [FAILS, { text: 'At nine.' }, FAILS] })
    await rig.silence(200)
    for (let turn = 0; turn < 3; turn++) await ask(rig)
    expect(rig.of('gave_up')).toEqual([])
    await rig.end()
  })

  it('puts the caller through, and hangs up where the carrier refuses', async () => {
    const taken = start({ replies: [FAILS] }, { after: 1, to: '+15550101' })
    await taken.rig.silence(200)
    await ask(taken.rig)
    await taken.rig.silence(3000)
    expect(taken.rig.far.transferredTo).toBe('+15550101')
    expect(await taken.session.done).toMatchObject({ endedBy: 'transferred' })

    const refused = start(
      { replies: [FAILS] },
      { after: 1, to: '+15550101', transfers: [{ error: new Error('busy') }] },
    )
    await refused.rig.silence(200)
    await ask(refused.rig)
    await refused.rig.silence(3000)
    expect(refused.rig.of('transfer_failed')).toHaveLength(1)
    expect(await refused.session.done).toMatchObject({ endedBy: 'gave-up' })
  })

  it('lets the caller neither stop the last words nor have them answered', async () => {
    const { rig, session } = start({ replies: [FAILS], speed: 20 }, { after: 1 })
    await rig.silence(200)
    const model = rig.realtime!.sessions[0]!
    model.speechStarted()
    await rig.speak(400)
    model.speechStopped('when do you open')
    await rig.silence(300)
    model.speechStarted()
    await rig.speak(600)
    model.speechStopped('no, wait')
    await rig.silence(6000)
    expect(rig.of('interrupted')).toEqual([])
    expect(rig.of('agent_said').map(({ private: said }) => said['text'])).toEqual([SAY])
    expect(rig.of('gave_up')).toHaveLength(1)
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
  })

  it('plays the recorded line where the model does not say the last words in time', async () => {
    const { rig, session } = start(
      { replies: [FAILS, { text: 'never', afterMs: 3_000_000 }] },
      { after: 1, recorded: true },
    )
    await rig.silence(200)
    const model = rig.realtime!.sessions[0]!
    model.speechStarted()
    await rig.speak(400)
    model.speechStopped('when do you open')
    // What it makes next keeps the last words waiting.
    model.answer('and', { text: 'never', afterMs: 3_000_000 })
    await rig.silence(9000)
    expect(rig.of('recorded_line')).toHaveLength(1)
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
  })

  it('plays the recorded line when the session dies for good, and then puts the caller through', async () => {
    const { rig, session } = start({}, { to: '+15550101', recorded: true })
    await rig.silence(200)
    rig.realtime!.sessions[0]!.fail(new ProviderError('network', 'the session died'))
    await rig.silence(500)
    expect(rig.far.transferredTo).toBeUndefined()
    await rig.silence(2000)
    expect(rig.of('stage_failed')).toHaveLength(1)
    expect(rig.of('gave_up').map(({ fields }) => fields)).toEqual([
      { failures: 0, stage: 'session', then: 'transfer' },
    ])
    expect(rig.of('recorded_line')).toHaveLength(1)
    expect(rig.far.transferredTo).toBe('+15550101')
    expect(await session.done).toMatchObject({ endedBy: 'transferred' })
  })

  it('plays the recorded line when no session can be opened, and fails as ever without `give_up`', async () => {
    const error = new ProviderError('auth', 'the key is wrong')
    const rig = createCallRig({ realtime: { opening: [{ error }] }, recordedLines: RECORDED })
    const session = rig.start()
    await rig.silence(3000)
    expect(rig.of('recorded_line')).toHaveLength(1)
    expect(rig.of('gave_up')).toEqual([])
    expect(rig.of('stage_failed')).toHaveLength(1)
    expect(await session.done).toMatchObject({ endedBy: 'failure' })
  })

  it('counts connections that are lost one after the other', async () => {
    const { rig, session } = start({ replies: [{ text: 'At nine.', afterMs: 60_000 }] }, { after: 3 })
    await rig.silence(200)
    await ask(rig)
    const model = rig.realtime!.sessions[0]!
    for (let loss = 1; loss <= 3; loss++) {
      model.emit({ type: 'reply-started', replyId: `lost-${loss}` })
      model.emit({ type: 'reply-ended', replyId: `lost-${loss}`, reason: 'lost' })
      await rig.silence(100)
      expect(rig.of('gave_up')).toHaveLength(loss === 3 ? 1 : 0)
    }
    await rig.silence(9000)
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
  })
})
