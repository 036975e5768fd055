import { describe, expect, it } from 'vitest'
import { MAX_ASKED_AGAIN } from '../../../src/pipeline/turns/turn-unclear.ts'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'

const LINE = 'What did you say?'

async function onCall(options: CallRigOptions = {}) {
  const rig = createCallRig({
    llm: { replies: ['It is nine o’clock in the morning, and we open in an hour from now.'] },
    ...options,
    settings: {
      ...options.settings,
      conversation: {
        greeting: '',
        turns: { adaptive: false, preemptive: false },
        ...options.settings?.conversation,
      },
    },
  })
  rig.start()
  await rig.silence(100)
  async function says(text: string, confidence: number | undefined, silenceMs = 4000) {
    await rig.speak(400)
    const sure = confidence === undefined ? {} : { confidence }
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text, ...sure })
    await rig.silence(silenceMs)
  }
  const said = () => rig.of('agent_said').map(({ private: words }) => words['text'])
  return { ...rig, says, said }
}

describe('words that the recogniser is not sure of', () => {
  it('never reach the model: the caller is asked again, and it is counted', async () => {
    const rig = await onCall()
    await rig.says('mafta be row', 0.12)
    expect(rig.llm.requests).toEqual([])
    expect(rig.said()).toEqual([LINE])
    expect(rig.of('turn_ended')).toEqual([])
    expect(rig.of('stt_final_unclear').map(({ fields }) => fields)).toEqual([{ confidence: 0.12 }])
    expect(rig.metrics.value('stt_finals_unclear_total')).toBe(1)
    await rig.says('what time is it', 0.8)
    expect(rig.of('turn_ended').map(({ private: words }) => words['text'])).toEqual(['what time is it'])
    await rig.end()
  })

  it.each([
    ['as sure as it must be', 0.3],
    ['that says nothing of it', undefined],
  ])('are those of no recogniser %s', async (_how, confidence) => {
    const rig = await onCall()
    await rig.says('what time is it', confidence)
    expect(rig.llm.requests).toHaveLength(1)
    expect(rig.of('stt_final_unclear')).toEqual([])
    await rig.end()
  })

  it('are asked for again a few times only, and anew once the caller was understood', async () => {
    const rig = await onCall()
    for (let again = 0; again < MAX_ASKED_AGAIN + 3; again++) await rig.says('mafta be row', 0.1)
    expect(rig.said()).toEqual(Array.from({ length: MAX_ASKED_AGAIN }, () => LINE))
    await rig.says('what time is it', 0.9, 8000)
    await rig.says('mafta be row', 0.1)
    expect(rig.said().filter((text) => text === LINE)).toHaveLength(MAX_ASKED_AGAIN + 1)
    await rig.end()
  })

  it('leave an idle caller who is asked whether they are there', async () => {
    const idle = { afterMs: 3000, prompts: ['Are you there?'], farewell: '' }
    const rig = await onCall({
      settings: { conversation: { unclear: { minConfidence: 0.3, line: '' }, idle } },
    })
    await rig.says('mafta be row', 0.1)
    expect(rig.said()).toEqual(['Are you there?'])
    await rig.end()
  })

  it('do not add to what was understood in the same turn', async () => {
    const rig = await onCall()
    await rig.says('what time is it', 0.9, 100)
    await rig.says('mafta', 0.1)
    expect(rig.of('turn_ended').map(({ private: words }) => words['text'])).toEqual(['what time is it'])
    expect(rig.said()).not.toContain(LINE)
    await rig.end()
  })

  it('are a noise to an agent who speaks: it goes on', async () => {
    const rig = await onCall()
    await rig.says('what time is it', 0.9, 1500)
    await rig.says('mafta be row', 0.1, 8000)
    expect(rig.of('interrupted')).toEqual([])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    expect(rig.said()).not.toContain(LINE)
    await rig.end()
  })

  it('are no reason to ask when they are a listener’s noise', async () => {
    const rig = await onCall()
    await rig.says('mm-hm', 0.1)
    expect(rig.said()).toEqual([])
    expect(rig.llm.requests).toEqual([])
    await rig.end()
  })

  it('are no reason to ask while a television is on', async () => {
    const rig = await onCall()
    await rig.speak(6000)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'and now the weather', confidence: 0.2 })
    await rig.speak(4000)
    expect(rig.of('noise')).toHaveLength(1)
    expect(rig.said()).toEqual([])
    await rig.end()
  })
})
