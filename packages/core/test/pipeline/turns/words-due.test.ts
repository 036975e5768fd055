import { describe, expect, it } from 'vitest'
import { createWordsDue } from '../../../src/pipeline/turns/words-due.ts'

describe('words of a voice that has stopped', () => {
  it('are here where some came so late behind its end', () => {
    const due = createWordsDue()
    due.partial('my passport has', 1000)
    due.partial('my passport has expired', 1260)
    expect(due.voiceStopped(1100, 1300)).toBe(0)
  })

  it('may come for as long as most recognisers take, where the last ones came sooner', () => {
    const due = createWordsDue()
    due.partial('my passport has expired', 1200)
    expect(due.voiceStopped(1100, 1300)).toBe(200)
    expect(due.voiceStopped(1100, 2000)).toBe(0)
    expect(createWordsDue().voiceStopped(1100, 1300)).toBe(200)
  })

  it('may come as late as they came once in this call', () => {
    const due = createWordsDue()
    due.partial('my passport', 900)
    due.voiceStopped(1000, 1200)
    due.partial('my passport has expired', 1700)
    due.voiceStarted()
    due.partial('and', 3000)
    expect(due.voiceStopped(3000, 3200)).toBe(500)
  })

  it('are not late where nothing new is told, nor where the caller speaks', () => {
    const due = createWordsDue()
    due.partial('yes', 900)
    due.voiceStopped(1000, 1200)
    due.partial('yes', 2000)
    due.final(2300)
    due.voiceStarted()
    due.partial('and then', 5000)
    expect(due.voiceStopped(5100, 5300)).toBe(200)
  })
})
