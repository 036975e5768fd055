import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAgentVoice } from '../../../src/pipeline/speaking/agent-voice.ts'

const FRAME_US = 20_000

function listen() {
  const heard: [number, number][] = []
  const voice = createAgentVoice((startUs, endUs) => heard.push([startUs, endUs]))
  const speak = (fromUs: number, frames: number): void => {
    for (let i = 0; i < frames; i++) voice.sent(fromUs + i * FRAME_US)
  }
  return { heard, voice, speak }
}

describe('when the agent’s voice is in the caller’s ear', () => {
  it('is one stretch, over a hole of the network, and another after a pause', () => {
    const { heard, voice, speak } = listen()
    speak(0, 10)
    speak(260_000, 5)
    speak(600_000, 1)
    voice.end(1_000_000)
    expect(heard).toEqual([
      [0, 360_000],
      [600_000, 620_000],
    ])
  })

  it('ends where the far end was told to discard the rest', () => {
    const { heard, voice, speak } = listen()
    speak(0, 10)
    voice.cleared(130_000)
    voice.end(5_000_000)
    expect(heard).toEqual([[0, 130_000]])
  })

  it('was never, where all of it was discarded before it was played', () => {
    const { heard, voice, speak } = listen()
    speak(500_000, 10)
    voice.cleared(400_000)
    voice.end(5_000_000)
    expect(heard).toEqual([])
  })

  it('ends with the call, and is told once', () => {
    const { heard, voice, speak } = listen()
    speak(0, 10)
    voice.end(50_000)
    voice.end(90_000)
    expect(heard).toEqual([[0, 50_000]])
  })

  it('is told in order, without overlaps, and never longer than what was sent', () => {
    const step = fc.record({
      pauseUs: fc.integer({ min: 0, max: 300_000 }),
      frames: fc.integer({ min: 1, max: 20 }),
      clearAfterUs: fc.option(fc.integer({ min: 0, max: 400_000 }), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { heard, voice, speak } = listen()
        let atUs = 0
        let sentUs = 0
        for (const { pauseUs, frames, clearAfterUs } of steps) {
          const startUs = atUs + pauseUs
          speak(startUs, frames)
          sentUs += frames * FRAME_US
          const endUs = startUs + frames * FRAME_US
          atUs = clearAfterUs === undefined ? endUs : Math.min(endUs, startUs + clearAfterUs)
          if (clearAfterUs !== undefined) voice.cleared(atUs)
        }
        voice.end(atUs)
        const joinedUs = 100_000 * heard.length + 100_000 * steps.length
        const heardUs = heard.reduce((total, [startUs, endUs]) => total + endUs - startUs, 0)
        expect(heardUs).toBeLessThanOrEqual(sentUs + joinedUs)
        for (const [index, [startUs, endUs]] of heard.entries()) {
          expect(endUs).toBeGreaterThan(startUs)
          expect(startUs).toBeGreaterThan(heard[index - 1]?.[1] ?? -1)
        }
      }),
    )
  })
})
