import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSpeechGate } from '../../src/stt/speech-gate.ts'

const LIMITS = { endWindows: 5, maxWindows: 40 }

describe('createSpeechGate', () => {
  it('begins with the second voiced window and ends after the silence', () => {
    const gate = createSpeechGate(LIMITS)
    const steps = [0, 0.9, 0.1, 0.9, 0.9, 0.9, 0.4, 0, 0, 0, 0, 0, 0].map((p) => gate.step(p))
    expect(steps.slice(0, 4)).toEqual(Array(4).fill('silence'))
    expect(steps[4]).toBe('begins')
    expect(steps.indexOf('ends')).toBe(11)
    expect(gate.voicedWindows).toBe(4)
    expect(steps[12]).toBe('silence')
  })

  it('begins and ends in turn, never longer than allowed, whatever it hears', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 300 }), (heard) => {
        const gate = createSpeechGate(LIMITS)
        let length = 0
        for (const probability of heard) {
          const step = gate.step(probability)
          if (step === 'begins') expect(length).toBe(0)
          if (step === 'goes-on' || step === 'ends') expect(length).toBeGreaterThan(0)
          if (step === 'silence') expect(length).toBe(0)
          length = step === 'silence' || step === 'ends' ? 0 : length + 1
          expect(length).toBeLessThanOrEqual(LIMITS.maxWindows)
        }
      }),
    )
  })
})
