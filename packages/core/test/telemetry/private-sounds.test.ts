import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/index.ts'
import { NUMBER, rig } from './redactor-rig.ts'

describe('the sound of what the caller said, by the times of words', () => {
  /** Half a second for each word, from so long after the call began. */
  const times = (said: string, sinceMs: number) => () => {
    const fromMs = createFakeClock().clock.nowMs() + sinceMs
    const words = said.split(' ').map((word, at) => ({
      ...{ word, startMs: fromMs + at * 500, endMs: fromMs + 500 + at * 500 },
    }))
    return { endedMs: words.at(-1)!.endMs, words }
  }

  it('tells where each number is, whatever partials and turns have said before', async () => {
    const { telemetry, sounds, events, time } = rig()
    const text = `I said ${NUMBER} and it was refused`
    await time.advance(9000)
    telemetry.partial(text)
    telemetry.final(text, { times: times(text, 1000) })
    telemetry.turnEnded(1, text)
    expect(sounds()).toEqual([{ who: 'caller', kind: 'card', from_ms: 2000, to_ms: 4000, by: 'words' }])
    expect(events.find(({ event }) => event === 'final')!.fields).toEqual({ ended_ms: 6000 })
    // Before anybody is told of words.
    expect(events.map(({ event }) => event)).toEqual(['partial', 'redacted', 'final', 'turn_ended'])
  })

  it('begins in the text in which the number did', async () => {
    const { telemetry, sounds, time } = rig()
    await time.advance(5000)
    telemetry.final('well it is 4242 4242', { times: times('well it is 4242 4242', 1000) })
    await time.advance(5000)
    telemetry.final('4242 4242 that is it', { times: times('4242 4242 that is it', 6000) })
    expect(sounds()).toEqual([{ who: 'caller', kind: 'card', from_ms: 2500, to_ms: 7000, by: 'words' }])
  })

  it('waits for the final of a turn that ended before it', async () => {
    const { telemetry, sounds, time } = rig()
    await time.advance(9000)
    const text = `it is ${NUMBER}`
    telemetry.partial(text)
    telemetry.turnEnded(1, text)
    expect(sounds()).toEqual([])
    telemetry.final(text, { times: times(text, 1000) })
    telemetry.turnCorrected(1, text)
    expect(sounds()).toEqual([{ who: 'caller', kind: 'card', from_ms: 2000, to_ms: 4000, by: 'words' }])
  })

  it('is all that was said where a partial alone has said it', async () => {
    const { telemetry, sounds, time } = rig()
    const whole = { who: 'caller', kind: 'card', from_ms: 0, to_ms: 3000, by: 'utterance' }
    await time.advance(3000)
    telemetry.partial(`it is ${NUMBER}`)
    telemetry.final('it is for you', { times: times('it is for you', 1000) })
    expect(sounds()).toEqual([whole])
    await time.advance(1000)
    telemetry.partial(`it is ${NUMBER}`)
    telemetry.callEnded({})
    expect(sounds().slice(1)).toEqual([{ ...whole, from_ms: 3000, to_ms: 4000 }])
  })

  it('is all that was said where only a second guess has it, or a turn of several finals', async () => {
    const { telemetry, sounds, time } = rig({ phones: true })
    await time.advance(3000)
    telemetry.final('for you to', { alternatives: [NUMBER], times: times('for you to', 1000) })
    const whole = { who: 'caller', kind: 'card', from_ms: 0, to_ms: 3000, by: 'utterance' }
    expect(sounds()).toEqual([whole])
    telemetry.turnEnded(1, 'for you to')
    telemetry.final('call 917 223', { times: times('call 917 223', 3000) })
    telemetry.final('4567 please', { times: times('4567 please', 4500) })
    await time.advance(3000)
    telemetry.turnEnded(2, 'call 917 223 4567 please')
    expect(sounds().slice(1)).toEqual([{ ...whole, kind: 'phone', from_ms: 3000, to_ms: 6000 }])
  })

  it('is counted, and so is what has none', async () => {
    const { telemetry, metrics, time } = rig()
    await time.advance(9000)
    telemetry.final(`is ${NUMBER}`, { times: times(`is ${NUMBER}`, 1000) })
    telemetry.final(`is ${NUMBER}`)
    expect(metrics.value('redacted_sounds_total', { who: 'caller', by: 'words' })).toBe(1)
    expect(metrics.value('redacted_sounds_total', { who: 'caller', by: 'utterance' })).toBe(1)
  })
})

describe('the sound of what the agent said', () => {
  it('covers a number that the agent repeats group by group, in replies of their own', async () => {
    const { telemetry, sounds, texts, time } = rig()
    for (const [turn, group] of NUMBER.split(' ').entries()) {
      await time.advance(2000)
      telemetry.replyStarted(turn)
      telemetry.agentSaid(turn, `${group}, and then?`)
      telemetry.replyEnded(turn, 'heard')
    }
    expect(texts('agent_said').slice(2)).toEqual(['[digits], and then?', '[card], and then?'])
    expect(sounds().map(({ from_ms, to_ms }) => [from_ms, to_ms])).toEqual([
      [6000, undefined],
      [2000, 8000],
      [8000, undefined],
    ])
  })

  it('tells where it was heard, once the turn is over', async () => {
    const { telemetry, sounds, metrics, time } = rig()
    const at = (fromMs: number, toMs: number) => {
      const startMs = createFakeClock().clock.nowMs()
      return { fromMs: startMs + fromMs, toMs: startMs + toMs, byWords: true }
    }
    await time.advance(1000)
    telemetry.replyStarted(1)
    telemetry.agentSaid(1, `You said ${NUMBER}.`, () => at(1500, 3000))
    telemetry.agentSaid(1, `So ${NUMBER}?`, () => undefined)
    await time.advance(9000)
    telemetry.replyEnded(2, 'heard')
    const whole = { who: 'agent', kind: 'card', from_ms: 1000, turn: 1, by: 'utterance' }
    expect(sounds()).toEqual([
      { ...whole, sound: 1 },
      { ...whole, sound: 2 },
    ])
    telemetry.replyEnded(1, 'heard')
    expect(sounds().slice(2)).toEqual([{ ...whole, from_ms: 1500, to_ms: 3000, by: 'words', sound: 1 }])
    expect(metrics.value('redacted_sounds_total', { who: 'agent', by: 'words' })).toBe(1)
    expect(metrics.value('redacted_sounds_total', { who: 'agent', by: 'utterance' })).toBe(1)
  })
})
