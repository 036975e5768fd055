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
