import { beforeAll, describe, expect, it } from 'vitest'
import { scorePanel } from '../../packages/core/dist/panel/index.js'
import { playAll } from '../turn-taking/call/play.mjs'
import { settledSegments } from '../turn-taking/call/recogniser.mjs'
import { loadEquipment } from '../turn-taking/equipment.mjs'
import { allScenarios, moreScenarios } from '../turn-taking/scenarios/all.mjs'
import { drawFor } from '../turn-taking/scenarios/draw.mjs'
import { drawPauseMs, PAUSE_PLACES } from '../turn-taking/scenarios/pauses.mjs'
import { judge } from '../turn-taking/score/judge.mjs'
import { placeTable } from '../turn-taking/score/summary.mjs'
import { unseenScenarios } from '../turn-taking/scenarios/unseen.mjs'
import { readSettings } from '../turn-taking/settings.mjs'
import { createSampleDecoder } from '../../packages/core/dist/host.js'
import { createFakeClock } from '../../packages/core/dist/testing/index.js'
import { createFarEnd } from '../turn-taking/call/far-end.mjs'

const CHOSEN = ['complete.statement-finals.en.0', 'interruption.4-words.en.0', 'pause.clause.he.0']

describe('the scenarios', () => {
  const scenarios = allScenarios()

  it('are many, each with its own id, and as many of every kind and language in one half as in the other', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(300)
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length)
    const balance = new Map()
    for (const { category, kind, language, half } of scenarios) {
      const group = `${category}.${kind}.${language}`
      balance.set(group, (balance.get(group) ?? 0) + (half === 'train' ? 1 : -1))
    }
    expect([...balance].filter(([, difference]) => difference !== 0)).toEqual([])
  })

  it('have any number of variants of the train half, whatever else there is', () => {
    const [few, many] = [moreScenarios(1), moreScenarios(2)]
    expect(many.length).toBe(2 * few.length)
    expect(many.every(({ half }) => half === 'train')).toBe(true)
    const ids = new Set([...scenarios, ...many].map(({ id }) => id))
    expect(ids.size).toBe(scenarios.length + many.length)
    expect(many.filter(({ id }) => few.some((one) => one.id === id))).toEqual(few)
  })

  it('of unseen phrases are as many as is asked for, too, all else as before', () => {
    const [once, twice] = [unseenScenarios(), unseenScenarios(2)]
    expect(twice.length).toBe(2 * once.length)
    expect(twice.filter(({ id }) => once.some((one) => one.id === id))).toEqual(once)
  })

  it('are the same each time, and plain data', () => {
    expect(JSON.parse(JSON.stringify(allScenarios()))).toEqual(JSON.parse(JSON.stringify(scenarios)))
  })

  it('pause between 0.2 and 2.5 s, half of the pauses near the published median', () => {
    const { random } = drawFor('test', 'train')
    for (const place of PAUSE_PLACES) {
      const pauses = Array.from({ length: 2000 }, () => drawPauseMs(place, random)).sort((a, b) => a - b)
      expect(pauses[0]).toBeGreaterThanOrEqual(200)
      expect(pauses.at(-1)).toBeLessThanOrEqual(2500)
      expect(pauses[1000]).toBeGreaterThan(400)
      expect(pauses[1000]).toBeLessThan(850)
    }
  })
})

describe('the scripted recogniser', () => {
  it('settles a segment in a pause that is as long as its patience, and not in a shorter one', () => {
    const segment = (startMs, endMs) => ({ startMs, endMs, words: [] })
    const spoken = [segment(0, 500), segment(900, 1400), segment(2400, 3000)]
    expect(settledSegments(spoken, 600).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 1400],
      [2400, 3000],
    ])
  })
})

describe('the far end', () => {
  it('plays in real time, and keeps nothing of what was cleared', async () => {
    const time = createFakeClock()
    const far = createFarEnd(time.clock, 'test')
    const marks = []
    far.call.open({ onMark: (name) => marks.push([name, far.nowMs()]), onHangUp() {} })
    for (let frame = 0; frame < 10; frame++) far.call.send(new Uint8Array(160).fill(0x10))
    far.call.mark('end')
    await time.advance(100)
    far.call.clear()
    await time.advance(200)
    expect(marks).toEqual([['end', 100]])
    const played = createSampleDecoder(far.call.format).decode(far.channel())
    expect(played.findLastIndex((sample) => sample !== 0)).toBe(799)
  })
})

describe('scenarios that are played', () => {
  let equipment
  const play = async (ids) => {
    const scenarios = allScenarios().filter(({ id }) => ids.includes(id))
    return (await playAll(scenarios, { ...equipment, settings: {} })).map(judge)
  }
  beforeAll(async () => {
    equipment = await loadEquipment({ ownOnly: true })
  })

  it('give the same each time, alone and beside others', async () => {
    const together = await play(CHOSEN)
    const alone = (await Promise.all(CHOSEN.map((id) => play([id])))).flat()
    const sort = (judged) => judged.map(({ scenario, panel, voices }) => [scenario.id, panel, voices]).sort()
    expect(sort(alone)).toEqual(sort(together))
  })

  it('are scored against the truth they were made with', async () => {
    const [statement, interruption] = await play(CHOSEN.slice(0, 2))
    expect(statement.caller.map(({ kind }) => kind)).toEqual(['turn'])
    expect(statement.panel.response).toMatchObject({ count: 1, n: 1 })
    const answer = statement.voices.find(({ startMs }) => startMs > statement.caller[0].endMs)
    expect(statement.panel.responseLatency.valuesMs).toEqual([answer.startMs - statement.caller[0].endMs])
    expect(interruption.caller.map(({ kind }) => kind)).toEqual(['turn', 'interruption'])
    expect(interruption.panel.yield.n).toBe(1)
    const { startMs, endMs } = interruption.caller[1]
    // An agent that spoke on is seen as one.
    const deaf = scorePanel({
      caller: interruption.caller,
      agent: [{ startMs: startMs - 1000, endMs: endMs + 5000 }],
      durationMs: endMs + 6000,
    })
    expect(deaf.yield).toMatchObject({ count: 0, n: 1 })
  })
})

describe('the table of places', () => {
  const scored = (category, kind, agent) => ({
    scenario: { category, kind },
    panel: scorePanel({ caller: [{ kind: 'turn', startMs: 0, endMs: 1000 }], agent, durationMs: 3000 }),
  })
  const answer = { startMs: 1400, endMs: 2000 }

  it('counts the turns with pauses that the agent began inside, by the place of the pause', () => {
    const judged = [
      scored('pause', 'number', [answer]),
      scored('pause', 'unseen-number', [{ startMs: 500, endMs: 700 }, answer]),
      scored('pause', 'filler', [answer]),
      scored('complete', 'statement', [answer]),
    ]
    expect(placeTable(judged).slice(2)).toEqual([
      '| number | 2 | 1, 50 % | 400 / 400 |',
      '| filler | 1 | 0, 0 % | 400 / 400 |',
    ])
    expect(placeTable(judged.slice(-1))).toEqual([])
  })
})

describe('settings', () => {
  it('are read by their path in the file, and unknown ones are refused', () => {
    expect(readSettings(['stt.TIMEOUT_MS=200'])).toEqual({ stt: { TIMEOUT_MS: 200 } })
    expect(() => readSettings(['conversation.turns.numbr_wait_ms=1'])).toThrow('not a setting')
  })
})
