import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { EMPTY_PANEL } from '../../packages/core/dist/panel/index.js'
import { besideTable } from '../turn-taking/live/beside-table.mjs'
import { createOrderedClock } from '../turn-taking/live/ordered-clock.mjs'
import { playRounds, voidReasonOf } from '../turn-taking/live/rounds.mjs'
import { openScriptedServices } from '../turn-taking/live/scripted-services.mjs'
import { chooseSubset } from '../turn-taking/live/subset.mjs'
import { allScenarios, CATEGORY_NAMES } from '../turn-taking/scenarios/all.mjs'

describe('the scenarios that are played in real time', () => {
  const heldOut = allScenarios().filter(({ half }) => half === 'held-out')
  const countOf = (scenarios, name) => scenarios.filter(({ category }) => category === name).length

  it('are the same share of every category, whatever the order they come in', () => {
    const chosen = chooseSubset(heldOut, 0.25)
    for (const name of CATEGORY_NAMES) {
      expect(countOf(chosen, name)).toBe(Math.ceil(countOf(heldOut, name) / 4))
    }
    expect(chooseSubset([...heldOut].reverse(), 0.25)).toEqual(chosen)
  })

  it('have one of every kind and language before a second of any', () => {
    const words = chooseSubset(heldOut, 0.5).filter(({ category }) => category === 'interruption')
    expect(new Set(words.map(({ kind, language }) => `${kind} ${language}`)).size).toBe(words.length)
  })
})

describe('the clock of real time', () => {
  it('calls what was late in the order of its due times, and knows how late it was', () => {
    let nowMs = 0
    let run
    const timers = { setTimeout: (callback) => (run = callback), clearTimeout: () => undefined }
    const clock = createOrderedClock({ nowMs: () => nowMs, timers })
    const called = []
    clock.after(30, () => called.push('third'))
    clock.after(10, () => called.push('first'))
    clock.after(10, () => called.push('second'))
    clock.after(15, () => called.push('never'))()
    nowMs = 35
    run()
    expect(called).toEqual(['first', 'second', 'third'])
    expect(clock.lateness()).toEqual([25, 25, 5])
  })
})

describe('rounds', () => {
  const inTime = [{ latenessMs: Array(100).fill(1) }]
  const late = [{ latenessMs: Array(100).fill(60) }]

  it('are void when the player was late to a single system', () => {
    expect(voidReasonOf(inTime)).toBeUndefined()
    expect(voidReasonOf([...inTime, ...late])).toBe('frames 60 ms late at p99')
    expect(voidReasonOf([{ latenessMs: [...Array(500).fill(1), 200] }])).toBe('a frame 200 ms late')
  })

  it('are played once more when they were void, and counted', async () => {
    const answers = { good: [inTime], better: [late, inTime], worse: [late, late], gone: [late, undefined] }
    const play = async ({ id }) => {
      const answer = answers[id].shift()
      if (answer === undefined) throw new Error('the server left')
      return answer
    }
    const scenarios = Object.keys(answers).map((id) => ({ id }))
    const { good, voids } = await playRounds(scenarios, 2, play)
    expect(good).toEqual([inTime, inTime])
    expect(voids.map(({ id, again }) => [id, again])).toEqual([
      ['better', false],
      ['worse', true],
      ['gone', true],
    ])
  })
})

describe('the table', () => {
  it('has the best of each row bold, whosever it is of those that compete, and nothing where nothing was measured', () => {
    const system = (name, count, p50Ms) => ({
      name,
      judged: [
        {
          scenario: { category: 'complete', steps: [{}] },
          panel: {
            ...EMPTY_PANEL,
            response: { count, n: 2, rate: count / 2 },
            responseLatency: { valuesMs: [p50Ms], n: 1, p50Ms, p95Ms: p50Ms },
          },
          givenWay: EMPTY_PANEL,
        },
      ],
    })
    const simulated = { ...system('simulated', 2, 300), competes: false }
    const rows = besideTable([system('one', 1, 400), system('other', 2, 500), simulated])
    expect(rows[2]).toBe('| answered, complete utterances | 50 % of 2 | **100 % of 2** | 100 % of 2 |')
    expect(rows[3]).toBe(
      '| answer after a complete utterance, p50 / p95 ms | **400 / 400** | 500 / 500 | 300 / 300 |',
    )
    expect(rows.find((row) => row.includes('echo'))).toMatch(/(?:\| {2}){3}\|$/u)
  })
})

describe('the scripted services', () => {
  it('tell a server that dials late what it missed, and give out the voice', async () => {
    const voice = { stretch: (ms) => new Float32Array(ms * 8) }
    const services = await openScriptedServices(voice)
    const channel = services.expect('CA1', { msPerCharacter: 60 })
    channel.tell({ reply: 'Certainly.' })
    const socket = new WebSocket(`${services.url}?call=CA1`)
    const [missed] = await once(socket, 'message')
    expect(JSON.parse(missed)).toEqual({ reply: 'Certainly.' })
    socket.send(JSON.stringify({ id: 7, speak: 'ten letter' }))
    const { id, speech } = JSON.parse((await once(socket, 'message'))[0])
    expect(id).toBe(7)
    expect(Buffer.from(speech, 'base64')).toHaveLength(10 * 60 * 8)
    services.close()
  })
})
