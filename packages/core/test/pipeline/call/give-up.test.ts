import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../../src/contracts/index.ts'
import { FIRST_LANGUAGE, type RecordedLine } from '../../../src/host.ts'
import { createFailedTurns } from '../../../src/pipeline/replying/failed-turns.ts'
import { recordedLineIn } from '../../../src/pipeline/replying/recorded-line.ts'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'

const FAILS = { text: '', error: new ProviderError('network', 'the model failed') }
const SAY = 'Nothing works. Goodbye.'

/** Of a tone. */
function recording(seconds: number, sampleRateHz = 16_000): RecordedLine {
  const samples = Int16Array.from(
    { length: seconds * sampleRateHz },
    (_, i) => 8000 * Math.sin((2 * Math.PI * 440 * i) / sampleRateHz),
  )
  const audio = new Uint8Array(samples.buffer)
  return { text: 'We have a technical problem.', format: { encoding: 'linear16', sampleRateHz }, audio }
}

const MUTE = { voice: () => ({ error: new ProviderError('network', 'the voice failed') }) }

function start(options: CallRigOptions & { readonly after?: number } = {}) {
  const { after = 2, settings, ...rest } = options
  const rig = createCallRig({
    ...rest,
    settings: {
      ...settings,
      conversation: { greeting: '', giveUp: { after, say: SAY }, ...settings?.conversation },
    },
  })
  return { rig, session: rig.start() }
}

async function ask(rig: ReturnType<typeof createCallRig>, thenMs = 3000): Promise<void> {
  await rig.speak(400)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'when do you open' })
  await rig.silence(thenMs)
}

const said = (rig: ReturnType<typeof createCallRig>) =>
  rig.of('agent_said').map(({ private: words }) => words['text'])

describe('a call of which nothing comes', () => {
  it('counts a turn whose reply begins anew once', () => {
    const failures = createFailedTurns(2)
    expect([failures.failed(1), failures.failed(1), failures.isLast(1), failures.isLast(2)]).toEqual([
      false,
      false,
      false,
      true,
    ])
    failures.worked()
    expect([failures.failed(1), failures.failed(-1)]).toEqual([false, true])
  })

  it('keeps the last words back while the caller speaks, and says them once they are silent', async () => {
    const { rig, session } = start({
      after: 1,
      llm: { replies: [{ ...FAILS, firstTokenMs: 800 }] },
    })
    await rig.silence(100)
    await ask(rig, 900)
    // The caller makes a noise when the model fails.
    await rig.speak(1500)
    expect(rig.of('gave_up')).toHaveLength(1)
    expect(said(rig)).toEqual([])
    // What they say is heard, and answered by nobody.
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'and on sunday too please' })
    await rig.silence(3000)
    expect(rig.of('turn_ended')).toHaveLength(1)
    expect(said(rig)).toEqual([SAY])
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
  })

  it('says them over a noise that never ends', async () => {
    const { rig, session } = start({
      after: 1,
      llm: { replies: [{ ...FAILS, firstTokenMs: 800 }] },
      settings: { conversation: { turns: { noiseAfterMs: 2000 } } },
    })
    await rig.silence(100)
    await ask(rig, 900)
    await rig.speak(8000)
    expect(said(rig)).toEqual([SAY])
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
  })

  it('lets the caller who spoke over half an answer try once more', async () => {
    const { rig, session } = start({
      after: 1,
      llm: {
        replies: [
          { ...FAILS, text: 'We open at nine in the morning on every day of the week. And', tokenMs: 20 },
          'We open at nine.',
        ],
      },
    })
    await rig.silence(100)
    await ask(rig, 1200)
    await ask(rig, 3000)
    expect(rig.of('interrupted')).toHaveLength(1)
    expect(rig.of('gave_up')).toEqual([])
    expect(said(rig).at(-1)).toBe('We open at nine.')
    await rig.end()
    expect(await session.done).toMatchObject({ endedBy: 'caller' })
  })

  it('does not take a greeting or a prompt that was heard for an answer', async () => {
    const { rig, session } = start({
      llm: { replies: [FAILS] },
      settings: {
        conversation: { idle: { afterMs: 2000, prompts: ['Hello?', 'Hello?'], farewell: 'Bye.' } },
      },
    })
    await rig.silence(100)
    await ask(rig, 5500)
    expect(said(rig)).toContain('Hello?')
    await ask(rig, 4000)
    expect(rig.of('gave_up')).toHaveLength(1)
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
  })

  it('ends at once where neither a voice nor a recording can say anything', async () => {
    const { rig, session } = start({ tts: MUTE, settings: { conversation: { fallbackLine: '' } } })
    await rig.silence(100)
    await ask(rig)
    await ask(rig)
    await rig.silence(500)
    expect(rig.of('gave_up').map(({ fields }) => fields)).toEqual([
      { failures: 2, stage: 'voice', then: 'hang_up' },
    ])
    expect(await session.done).toMatchObject({ endedBy: 'gave-up' })
  })

  it('goes on for as long as the caller likes where nothing is configured', async () => {
    const rig = createCallRig({ llm: { replies: [FAILS] }, settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(100)
    for (let turn = 0; turn < 6; turn++) await ask(rig)
    expect(rig.of('gave_up')).toEqual([])
    expect(rig.of('reply_ended')).toHaveLength(6)
    await rig.end()
  })
})

describe('a recorded line', () => {
  it.each([8000, 16_000, 44_100])('of %i Hz is as long on the line as it was recorded', async (rateHz) => {
    const lines = new Map([[FIRST_LANGUAGE, recording(2, rateHz)]])
    const rig = createCallRig({
      tts: MUTE,
      recordedLines: lines,
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(100)
    await ask(rig, 5000)
    const frames = rig.far.sent.filter(({ kind }) => kind === 'frame')
    expect(frames).toHaveLength(100)
    expect(rig.of('recorded_line').map(({ fields }) => fields)).toEqual([{ turn: 1 }])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it('is heard once of a reply of many sentences, and stands in the history as far as it was heard', async () => {
    const rig = createCallRig({
      tts: MUTE,
      llm: { replies: ['One is here. Two is here. Three is here.'] },
      recordedLines: new Map([[FIRST_LANGUAGE, recording(6)]]),
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(100)
    await ask(rig, 3500)
    expect(rig.of('recorded_line')).toHaveLength(1)
    await ask(rig, 8000)
    const [first] = rig.of('interrupted')
    expect(first!.private['heard']).toMatch(/^We have/)
    expect(first!.private['heard']).not.toMatch(/problem/)
    const { messages } = rig.llm.requests.at(-1)!.request
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
    expect(messages[2]).toMatchObject({ content: expect.stringMatching(/^We have/) as unknown })
    await rig.end()
  })

  it('goes on after a noise that stopped it', async () => {
    const rig = createCallRig({
      tts: MUTE,
      recordedLines: new Map([[FIRST_LANGUAGE, recording(4)]]),
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(100)
    await ask(rig, 1500)
    await rig.speak(400)
    await rig.silence(9000)
    expect(rig.of('resumed')).toHaveLength(1)
    expect(rig.of('recorded_line')).toHaveLength(2)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it('is of the language that the call is in', () => {
    const hebrew = { ...recording(1), text: 'יש לנו תקלה.' }
    const lines = new Map([
      [FIRST_LANGUAGE, recording(1)],
      ['he-IL', hebrew],
    ])
    expect(recordedLineIn(lines, 'he-IL')).toBe(hebrew)
    expect(recordedLineIn(lines, 'fr-FR')?.text).toBe('We have a technical problem.')
    expect(recordedLineIn(undefined, 'he-IL')).toBeUndefined()
  })
})
