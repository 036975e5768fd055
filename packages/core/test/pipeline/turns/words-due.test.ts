import { describe, expect, it } from 'vitest'
import { createWordsDue } from '../../../src/pipeline/turns/words-due.ts'

describe('words of a voice that has stopped', () => {
  it('are here where some came so late behind its end', () => {
    const due = createWordsDue()
    due.came({ type: 'partial', text: 'my passport has' }, 1000)
    due.came({ type: 'partial', text: 'my passport has expired' }, 1260)
    expect(due.voiceStopped(1100, 1300)).toBe(0)
  })

  it('may come for as long as most recognisers take, where the last ones came sooner', () => {
    const due = createWordsDue()
    due.came({ type: 'partial', text: 'my passport has expired' }, 1200)
    expect(due.voiceStopped(1100, 1300)).toBe(200)
    expect(due.voiceStopped(1100, 2000)).toBe(0)
    expect(createWordsDue().voiceStopped(1100, 1300)).toBe(200)
  })

  it('may come as late as they came once in this call', () => {
    const due = createWordsDue()
    due.came({ type: 'partial', text: 'my passport' }, 900)
    due.voiceStopped(1000, 1200)
    due.came({ type: 'partial', text: 'my passport has expired' }, 1700)
    due.voiceStarted()
    due.came({ type: 'partial', text: 'and' }, 3000)
    expect(due.voiceStopped(3000, 3200)).toBe(500)
  })

  it('are of a voice that nobody heard where they add to what was said, later than any before', () => {
    const due = createWordsDue()
    due.came({ type: 'partial', text: 'nine four' }, 900)
    due.voiceStopped(1000, 1200)
    expect(due.came({ type: 'partial', text: 'nine for' }, 1700)).toBe(false)
    expect(due.came({ type: 'partial', text: 'nine for one' }, 1800)).toBe(false)
    expect(due.came({ type: 'partial', text: 'nine for one three' }, 1960)).toBe(true)
    // As late again, they may be this recogniser's.
    due.voiceStarted()
    due.voiceStopped(3000, 3200)
    expect(due.came({ type: 'partial', text: 'nine for one three seven' }, 3960)).toBe(false)
  })

  it('are not of a voice that nobody heard where a final had them, nor in a final, nor in a voice', () => {
    const due = createWordsDue()
    due.came({ type: 'final', text: 'Nine, four.' }, 900)
    due.voiceStopped(1000, 1200)
    expect(due.came({ type: 'partial', text: 'nine' }, 2000)).toBe(false)
    expect(due.came({ type: 'final', text: 'nine four one' }, 3000)).toBe(false)
    due.voiceStarted()
    expect(due.came({ type: 'partial', text: 'nine four one three' }, 9000)).toBe(false)
  })

  it('are not late where nothing new is told, nor where the caller speaks', () => {
    const due = createWordsDue()
    due.came({ type: 'partial', text: 'yes' }, 900)
    due.voiceStopped(1000, 1200)
    due.came({ type: 'partial', text: 'yes' }, 2000)
    due.came({ type: 'final', text: 'Yes, I do.' }, 2300)
    due.voiceStarted()
    due.came({ type: 'partial', text: 'and then' }, 5000)
    expect(due.voiceStopped(5100, 5300)).toBe(200)
  })
})
