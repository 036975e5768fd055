import { describe, expect, it } from 'vitest'
import { createAnnouncements } from '../src/live/announcements.ts'
import { afterChange } from '../src/live/running-calls.ts'
import {
  afterEvent,
  afterLevel,
  beginLiveCall,
  type LiveCallState,
  type SeenEvent,
} from '../src/live/live-call-state.ts'
import { wordsShown } from '../src/live/caller-words.ts'
import { createLevelHistory } from '../src/live/level-history.ts'
import { fillOf } from '../src/live/level-meters.tsx'
import { detailOf, LIVE_CALLS } from './fake-api/live.ts'

const FRESH = beginLiveCall({
  ...LIVE_CALLS[0]!,
  atMs: 0,
  transcript: [],
  turns: [],
  events: [],
  counters: {},
})
const event = (name: string, turn: number, said: object = {}, fields: object = {}): SeenEvent => ({
  event: name,
  atMs: 1000 * turn,
  fields: { turn, ...fields },
  private: { ...said },
})
const after = (...events: readonly SeenEvent[]): LiveCallState => events.reduce(afterEvent, FRESH)
const level = (heard: { turn: number; chars: number }, atMs = 0) => ({
  atMs,
  callerDb: -40,
  agentDb: -20,
  rxQueue: 0,
  txQueue: 0,
  underruns: 0,
  heard,
})

describe('a call while it is watched', () => {
  it('shows words as they come, and the turn in their place', () => {
    const speaking = after(
      event('partial', 0, { text: 'weasels' }),
      event('partial', 0, { text: 'weasels have' }),
    )
    expect(wordsShown(speaking.words)).toBe('weasels have')
    expect(speaking.lines).toEqual([])
    const done = afterEvent(speaking, event('turn_ended', 1, { text: 'weasels have eaten it' }))
    expect(wordsShown(done.words)).toBeUndefined()
    expect(done.lines).toMatchObject([{ who: 'caller', text: 'weasels have eaten it', settled: true }])
    const corrected = afterEvent(done, event('turn_corrected', 1, { text: 'weasels have eaten them' }))
    expect(corrected.lines).toMatchObject([{ text: 'weasels have eaten them' }])
  })

  it('joins the clauses of a reply, and says what was heard of it once that is settled', () => {
    const saying = after(
      event('agent_said', 1, { text: 'Oh dear.' }),
      event('agent_said', 1, { text: 'Weasels again.' }),
    )
    expect(saying.lines).toMatchObject([{ text: 'Oh dear. Weasels again.', settled: false }])
    const heard = afterLevel(saying, level({ turn: 1, chars: 5 }))
    expect(heard.lines[0]!.heardChars).toBe(5)
    const cut = afterEvent(heard, event('interrupted', 1, { heard: 'Oh dear.' }))
    expect(cut.lines).toMatchObject([{ heard: 'Oh dear.', settled: true }])
    expect(cut.lines[0]!.heardChars).toBeUndefined()
    expect(afterLevel(cut, level({ turn: 1, chars: 7 }))).toBe(cut)
  })

  it('takes back that a reply was cut where it goes on after a noise', () => {
    const paused = after(event('agent_said', 1, { text: 'Oh dear.' }), event('paused', 1, { heard: 'Oh' }))
    expect(paused.lines).toMatchObject([{ heard: 'Oh', settled: false }])
    expect(afterEvent(paused, event('resumed', 1)).lines[0]!.heard).toBeUndefined()
  })

  it('says the greeting once, though it is told when it is queued and when it is spoken', () => {
    const greeted = after(
      event('greeting_queued', 0, { text: 'Hello.' }),
      event('agent_said', 0, { text: 'Hello.' }),
    )
    expect(greeted.lines.map(({ text }) => text)).toEqual(['Hello.'])
    expect(afterEvent(greeted, event('greeting_end', 0)).lines).toMatchObject([{ settled: true }])
  })

  it('settles what an operator had said when that is over, which tells no turn', () => {
    const ended: SeenEvent = { event: 'prompt_ended', atMs: 4000, fields: { outcome: 'heard' } }
    const saying = after(
      event('greeting_queued', 0, { text: 'Hello.' }),
      event('agent_said', -1, { text: 'One moment.' }),
    )
    expect(saying.lines.map(({ settled }) => settled)).toEqual([false, false])
    expect(afterEvent(saying, ended).lines.map(({ settled }) => settled)).toEqual([false, true])
    const [greeting, prompt] = saying.lines.map(({ atMs, who, text }) => ({ atMs, who, text }))
    const detail = { ...detailOf(LIVE_CALLS[0]!), transcript: [greeting!, prompt!], turns: [] }
    const said: SeenEvent = { event: 'agent_said', atMs: 3000, fields: { turn: -1 } }
    expect(beginLiveCall({ ...detail, events: [said] }).lines[1]).toMatchObject({ turn: -1, settled: false })
    expect(beginLiveCall({ ...detail, events: [said, ended] }).lines[1]).toMatchObject({ settled: true })
  })

  it('learns when a turn was first heard from the level, until the playout clock tells', () => {
    const said = after(
      event('agent_said', 1, { text: 'Oh dear.' }),
      event('turn_latency', 1, {}, { first_frame_ms: 543 }),
    )
    const heard = afterLevel(said, level({ turn: 1, chars: 2 }, 1200))
    expect(heard.turns).toMatchObject([{ heardAtMs: 1200 }])
    expect(afterLevel(heard, level({ turn: 1, chars: 4 }, 1400)).turns).toMatchObject([{ heardAtMs: 1200 }])
  })

  it('begins with what was said before it was watched, with no line twice', () => {
    const state = beginLiveCall(detailOf(LIVE_CALLS[0]!))
    expect(state.lines.map(({ who }) => who)).toEqual(['agent', 'caller', 'agent'])
    expect(state.lines[2]).toMatchObject({
      heard: 'Oh dear, weasels again. I am sending our weasel',
      settled: true,
    })
    expect(state.turns).toHaveLength(1)
  })

  it('goes on with a reply that was being said when it came', () => {
    const detail = detailOf(LIVE_CALLS[0]!)
    const cutAt = detail.events.findIndex(({ event: name }) => name === 'interrupted')
    const { heard: _heard, ...saying } = detail.transcript[2]!
    const running = beginLiveCall({
      ...detail,
      transcript: [...detail.transcript.slice(0, 2), saying],
      events: detail.events.slice(0, cutAt),
    })
    const cut = afterEvent(running, event('interrupted', 1, { heard: 'Oh dear,' }))
    expect(cut.lines).toHaveLength(3)
    expect(cut.lines[2]).toMatchObject({ heard: 'Oh dear,', settled: true })
  })

  it('shows that words were said where they may not be shown', () => {
    expect(after({ event: 'turn_ended', atMs: 0, fields: { turn: 1 } }).lines).toMatchObject([{ text: '…' }])
  })
})

it('tells a screen reader each line once, when nothing more comes to it', () => {
  const announcements = createAnnouncements([])
  const saying = after(
    event('turn_ended', 1, { text: 'weasels' }),
    event('agent_said', 1, { text: 'Oh dear.' }),
  )
  expect(announcements.next(saying.lines)).toBe('Caller: weasels.')
  expect(announcements.next(saying.lines)).toBe('')
  const cut = afterEvent(saying, event('interrupted', 1, { heard: 'Oh' }))
  expect(announcements.next(cut.lines)).toBe('Agent, interrupted: Oh.')
  expect(announcements.next(cut.lines)).toBe('')
})

it('keeps the list of calls by change, those that began last first', () => {
  const [newest, other] = LIVE_CALLS as [(typeof LIVE_CALLS)[0], (typeof LIVE_CALLS)[0]]
  const began = afterChange([other], { type: 'began', call: newest })
  expect(began).toEqual([newest, other])
  expect(afterChange(began, { type: 'began', call: { ...newest, turn: 9 } })[0]).toMatchObject({
    id: newest.id,
    turn: 9,
  })
  expect(afterChange(began, { type: 'lost', call: newest })).toEqual([other])
})

it('keeps two minutes of levels, and underruns as they came', () => {
  const history = createLevelHistory()
  for (let index = 0; index < 700; index++)
    history.add({ ...level({ turn: 1, chars: 0 }, index * 200), underruns: index < 650 ? 3 : 5 })
  history.add({ ...level({ turn: 1, chars: 0 }, 0), underruns: 9 })
  const [seconds, , , underruns] = history.columns()
  expect(seconds).toHaveLength(600)
  expect(seconds.at(-1)).toBeCloseTo(139.8)
  expect(underruns.reduce((sum, one) => sum + one, 0)).toBe(2)
})

it('fills a meter from -60 dB on', () => {
  expect([-Infinity, -90, -60, -30, 0, 3].map(fillOf)).toEqual([0, 0, 0, 0.5, 1, 1])
})
