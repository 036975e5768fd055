import { describe, expect, it } from 'vitest'
import { panelOfCall } from '../src/call-panel.ts'
import type { ClipMeaning } from '../src/clip.ts'
import type { PhoneEvent } from '../src/phone-event.ts'

const said = (startMs: number, endMs: number, meant?: ClipMeaning): PhoneEvent[] => [
  {
    type: 'caller-speech-started',
    clip: 'a.wav',
    atMs: startMs - 100,
    voicedStartMs: startMs,
    ...(meant && { meant }),
  },
  { type: 'caller-speech-ended', clip: 'a.wav', atMs: endMs + 100, voicedEndMs: endMs },
]
const audible = (atMs: number): PhoneEvent => ({ type: 'agent-audible', atMs })

describe('the panel of a placed call', () => {
  it('counts from the voice inside a clip to the first sample of the agent that can be heard', () => {
    const timeline = [...said(1000, 2000), audible(2450), ...said(6000, 8000), audible(8600)]
    const speech = [
      { startMs: 2400, endMs: 6250 },
      { startMs: 8500, endMs: 9500 },
    ]
    const panel = panelOfCall(timeline, speech, 12_000)
    expect(panel.responseLatency.valuesMs).toEqual([450, 600])
    expect(panel.timeToYield.valuesMs).toEqual([250])
    expect(panel.talkOverMs).toBe(250)
  })

  it('hears nothing in audio that is silent', () => {
    const panel = panelOfCall(said(1000, 2000), [{ startMs: 2400, endMs: 6000 }], 12_000)
    expect(panel.response).toEqual({ count: 0, n: 1, rate: 0 })
  })

  it('takes a clip that the end of the call cut off as far as it came', () => {
    const timeline = [audible(500), ...said(1000, 9000).slice(0, 1)]
    expect(panelOfCall(timeline, [{ startMs: 500, endMs: 1300 }], 4000).timeToYield.valuesMs).toEqual([300])
  })

  it.each([
    ['words', 300, { yield: { count: 1, n: 1, rate: 1 } }],
    ['backchannel', 1500, { selectivity: { backchannel: { count: 0, n: 1, rate: 0 } } }],
    ['vocal-tic', 300, { selectivity: { vocalTic: { count: 0, n: 1, rate: 0 } } }],
    ['not-to-agent', 1500, { selectivity: { notToAgent: { count: 0, n: 1, rate: 0 } } }],
  ] as const)('takes %s for what they are, whatever their length', (meant, lastsMs, found) => {
    const timeline = [audible(500), ...said(1500, 1500 + lastsMs, meant)]
    expect(panelOfCall(timeline, [{ startMs: 500, endMs: 1800 }], 12_000)).toMatchObject(found)
  })

  it('does not take a noise for the beginning of the words after it', () => {
    const timeline = [...said(1000, 1200, 'vocal-tic'), ...said(1500, 2500, 'words'), audible(2900)]
    const panel = panelOfCall(timeline, [{ startMs: 2900, endMs: 5000 }], 12_000)
    expect(panel.words).toBe(1)
    expect(panel.selectivity.vocalTic).toEqual({ count: 1, n: 1, rate: 1 })
  })
})
