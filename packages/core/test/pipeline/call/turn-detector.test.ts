import { describe, expect, it } from 'vitest'
import { MULAW_8K, ProviderError, type TurnProvider, type TurnQuestion } from '../../../src/index.ts'
import { createTurnTap } from '../../../src/pipeline/hearing/turn-tap.ts'
import { createFakeClock } from '../../../src/testing/index.ts'
import { createCallRig } from '../call-rig.ts'

type Answer = number | Error | 'never'

/** A detector that answers what it is told to, or as the question says. */
function createDetector(answer: Answer | ((question: TurnQuestion) => Answer), windowMs = 8000) {
  const batches: TurnQuestion[][] = []
  const provider: TurnProvider = {
    sampleRateHz: 8000,
    windowMs,
    threshold: 0.5,
    async judge(questions, probabilities) {
      batches.push(questions.map((question) => ({ ...question, audio: Int16Array.from(question.audio) })))
      for (const [index, question] of questions.entries()) {
        const given = typeof answer === 'function' ? answer(question) : answer
        if (given instanceof Error) throw given
        if (given === 'never') return new Promise(() => undefined)
        probabilities[index] = given
      }
    },
    close: () => Promise.resolve(),
  }
  return { provider, batches, questions: () => batches.flat() }
}

function onCall(turn: TurnProvider) {
  const conversation = { greeting: 'What can I do for you?', turns: { preemptive: false } }
  const rig = createCallRig({ turn, settings: { conversation } })
  rig.start()
  return {
    ...rig,
    hear: (text: string): void => rig.stt.sessions.at(-1)!.emit({ type: 'partial', text }),
    ended: () => rig.of('turn_ended').length,
  }
}

async function greeted(turn: TurnProvider) {
  const rig = onCall(turn)
  await rig.silence(4000)
  await rig.speak(600)
  rig.hear('I want to fly to Boston')
  return rig
}

describe('a detector of turn ends', () => {
  it('that is sure cuts the wait short', async () => {
    const rig = await greeted(createDetector(0.9).provider)
    await rig.silence(340)
    expect(rig.ended()).toBe(1)
    await rig.end()
  })

  it('that is not sure leaves the wait as it is', async () => {
    const rig = await greeted(createDetector(0.3).provider)
    await rig.silence(440)
    expect(rig.ended()).toBe(0)
    await rig.silence(120)
    expect(rig.ended()).toBe(1)
    await rig.end()
  })

  it('that is sure of the opposite makes it longer', async () => {
    const rig = await greeted(createDetector(0).provider)
    await rig.silence(1200)
    expect(rig.ended()).toBe(0)
    await rig.silence(300)
    expect(rig.ended()).toBe(1)
    await rig.end()
  })

  it('is asked with the sound of the turn, its words, and what was said before', async () => {
    const detector = createDetector(0.9)
    const rig = await greeted(detector.provider)
    await rig.silence(340)
    const [question] = detector.questions()
    expect(question).toMatchObject({
      text: 'I want to fly to Boston',
      asked: 'What can I do for you?',
      language: 'en-US',
    })
    // 600 ms of voice, the hangover, and what came before the voice was noticed.
    expect(question!.audio.length / 8).toBeGreaterThan(900)
    expect(question!.audio.length / 8).toBeLessThan(1300)
    await rig.end()
  })

  it('is given no more sound than it looks at, though a final has answered it', async () => {
    const detector = createDetector(0.3, 500)
    const rig = await greeted(detector.provider)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'I want to fly to Boston' })
    await rig.silence(400)
    expect(detector.questions().map(({ audio }) => audio.length / 8)).toEqual(
      detector.questions().map(() => 500),
    )
    await rig.end()
  })

  it('is asked again while the silence lasts, and not once the turn is over', async () => {
    const detector = createDetector(0.3)
    const rig = await greeted(detector.provider)
    await rig.silence(560)
    const asked = detector.batches.length
    expect(asked).toBeGreaterThan(2)
    await rig.silence(2000)
    expect(detector.batches.length).toBe(asked)
    await rig.end()
  })

  it('that answers late is not heard once the caller goes on', async () => {
    let answer: (probability: number) => void = () => undefined
    const { provider } = createDetector(0)
    const rig = await greeted({
      ...provider,
      judge: (_questions, probabilities) =>
        new Promise<void>((resolve) => {
          answer = (probability) => {
            probabilities[0] = probability
            resolve()
          }
        }),
    })
    await rig.silence(200)
    await rig.speak(400)
    await rig.silence(200)
    // It was asked about the first silence: the second has lasted too short for any other wait.
    answer(0.9)
    await rig.silence(180)
    expect(rig.ended()).toBe(0)
    await rig.end()
  })

  it('that fails is told of once, and turns end as without it', async () => {
    const detector = createDetector(new ProviderError('network', 'the worker died'))
    const rig = await greeted(detector.provider)
    await rig.silence(560)
    expect(rig.ended()).toBe(1)
    await rig.silence(4000)
    await rig.speak(600)
    rig.hear('and back')
    await rig.silence(2000)
    expect(rig.of('turn_detector_failed')).toHaveLength(1)
    expect(detector.batches).toHaveLength(1)
    await rig.end()
  })

  it.each([
    ['hangs', 'never' as const],
    ['gives no probability', 7],
  ])('that %s does not hold the turn up', async (_how, answer) => {
    const rig = await greeted(createDetector(answer).provider)
    await rig.silence(440)
    expect(rig.ended()).toBe(0)
    await rig.silence(120)
    expect(rig.ended()).toBe(1)
    await rig.silence(2500)
    expect(rig.of('turn_detector_failed').length).toBeLessThanOrEqual(1)
    await rig.end()
  })
})

it('a detector of twice the phone’s rate is given as much sound', async () => {
  const detector = createDetector(0.3)
  const rig = await greeted({ ...detector.provider, sampleRateHz: 16_000 })
  await rig.silence(340)
  expect(detector.questions()[0]!.audio.length / 16).toBeGreaterThan(900)
  expect(detector.questions()[0]!.audio.length / 16).toBeLessThan(1300)
  await rig.end()
})

describe('questions of several calls', () => {
  const question = { audio: new Uint8Array(800), format: MULAW_8K, asked: '', language: 'en' }

  it('that come together are one batch, each with its own answer', async () => {
    const detector = createDetector(({ text }) => Number(text))
    const tap = createTurnTap(detector.provider, createFakeClock().clock)
    const answers = await Promise.all(['0.25', '0.5', '1'].map((text) => tap.ask({ ...question, text })))
    expect(answers).toEqual([0.25, 0.5, 1])
    expect(detector.batches.map((batch) => batch.length)).toEqual([3])
  })

  it('wait while a batch is judged: one at a time', async () => {
    const detector = createDetector(1)
    const tap = createTurnTap(detector.provider, createFakeClock().clock)
    const first = tap.ask({ ...question, text: 'a' })
    await Promise.resolve()
    await Promise.resolve()
    const others = [tap.ask({ ...question, text: 'b' }), tap.ask({ ...question, text: 'c' })]
    await Promise.all([first, ...others])
    expect(detector.batches.map((batch) => batch.map(({ text }) => text))).toEqual([['a'], ['b', 'c']])
  })

  it('fail together, and the next are judged', async () => {
    let fails = true
    const detector = createDetector(() => (fails ? new Error('boom') : 1))
    const tap = createTurnTap(detector.provider, createFakeClock().clock)
    await expect(tap.ask({ ...question, text: '' })).rejects.toThrow('boom')
    fails = false
    await expect(tap.ask({ ...question, text: '' })).resolves.toBe(1)
  })
})
