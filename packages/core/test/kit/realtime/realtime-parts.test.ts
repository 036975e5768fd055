import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAudioReplay } from '../../../src/kit/realtime/audio-replay.ts'
import { createCallerTurns } from '../../../src/kit/realtime/caller-turns.ts'
import { createReopenPace } from '../../../src/kit/realtime/reopen-pace.ts'
import { createConversationLedger } from '../../../src/kit/realtime/conversation-ledger.ts'

describe('the audio that a new connection hears again', () => {
  it('is always the newest of what was pushed, from where it was trimmed, up to its limit', () => {
    const step = fc.oneof(
      fc.record({ push: fc.integer({ min: 0, max: 40 }) }),
      fc.record({ trimTo: fc.integer({ min: 0, max: 400 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 50 }), (steps, limit) => {
        const replay = createAudioReplay(limit)
        const all: number[] = []
        let from = 0
        for (const one of steps) {
          if ('push' in one) {
            const piece = Uint8Array.from({ length: one.push }, (_, index) => (all.length + index) & 0xff)
            all.push(...piece)
            replay.push(piece)
          } else {
            from = Math.max(from, Math.min(one.trimTo, all.length))
            replay.trimTo(one.trimTo)
          }
          from = Math.max(from, all.length - limit)
          expect([...replay.kept()]).toEqual(all.slice(from))
          expect(replay.fromBytes).toBe(from)
          expect(replay.endBytes).toBe(all.length)
        }
      }),
    )
  })

  it('is a second of quiet, or all of what the caller is saying', () => {
    const replay = createAudioReplay(8 * 30_000)
    const turns = createCallerTurns(replay, 8)
    const write = (ms: number) => {
      for (let written = 0; written < ms; written += 40) {
        replay.push(new Uint8Array(320))
        turns.wrote()
      }
    }
    write(5_000)
    expect(replay.kept()).toHaveLength(8 * 1_000)
    expect(turns.started(4_900)).toBe(4_900)
    write(4_000)
    expect(replay.fromBytes).toBe(8 * 4_000)
    expect(turns.stopped('a', 8_500)).toBe(8_500)
    turns.committed('a')
    write(2_000)
    expect(replay.fromBytes).toBe(8 * 4_000)
    turns.written('a')
    expect(replay.fromBytes).toBe(8 * 10_000)
  })

  it('moves the offsets of the next connection', () => {
    const replay = createAudioReplay(8 * 30_000)
    const turns = createCallerTurns(replay, 8)
    for (let written = 0; written < 5_000; written += 40) {
      replay.push(new Uint8Array(320))
      turns.wrote()
    }
    expect(turns.restart()).toBe(false)
    expect(turns.started(1_000)).toBe(5_000)
    expect(turns.restart()).toBe(true)
    expect(turns.speaking).toBe(false)
  })
})

describe('the conversation that is put back', () => {
  it('holds what was heard of an interrupted answer, in whole words', () => {
    const ledger = createConversationLedger([])
    ledger.agentText('a', 'one two three four')
    ledger.agentAudio('a', 1_800)
    expect(ledger.cut('a', 900.5)).toBe(900)
    ledger.agentText('a', 'one two three four five')
    expect(ledger.messages()).toEqual([{ role: 'assistant', content: 'one two' }])
  })

  it('leaves out an answer that nobody heard, and turns that were not written down', () => {
    const ledger = createConversationLedger([{ role: 'assistant', content: 'Welcome.' }])
    ledger.callerSpoke('a')
    ledger.callerText('a', 'Hello.')
    ledger.agentText('b', 'Yes?')
    ledger.callerSpoke('c')
    expect(ledger.forgetAfter(undefined, new Set(['b']))).toEqual(['b'])
    expect(ledger.forgetUnwritten()).toBe(1)
    expect(ledger.messages()).toEqual([
      { role: 'assistant', content: 'Welcome.' },
      { role: 'user', content: 'Hello.' },
    ])
    expect(ledger.awaitsReply).toBe(true)
  })

  it('keeps calls and results in their order', () => {
    const ledger = createConversationLedger([])
    const call = { id: '1', name: 'weather', arguments: '{}' }
    ledger.callerText('a', 'Weather?')
    ledger.toolCalled(call)
    expect(ledger.awaitsReply).toBe(false)
    ledger.toolAnswered('1', 'sunny')
    expect(ledger.awaitsReply).toBe(true)
    expect(ledger.messages()).toEqual([
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', toolCallId: '1', content: 'sunny' },
    ])
  })
})

describe('how fast lost connections are made anew', () => {
  /** One connection after the other, each in use for so long; the pauses between them come on top. */
  function pauses(livesMs: readonly number[]): (number | undefined)[] {
    const pace = createReopenPace()
    let nowMs = 0
    return livesMs.map((lifeMs) => {
      pace.opened(nowMs)
      nowMs += lifeMs
      const pauseMs = pace.lost(nowMs)
      nowMs += pauseMs ?? 0
      return pauseMs
    })
  }

  it('at once after one that lasted, however often', () => {
    expect(pauses([60_000, 60_000, 60_000])).toEqual([0, 0, 0])
  })

  it('with a pause that doubles after those that did not last, then not at all', () => {
    expect(pauses(Array<number>(8).fill(10))).toEqual([0, 200, 400, 800, 1600, 3200, 6400, undefined])
  })

  it('from the beginning once one has lasted', () => {
    expect(pauses([10, 10, 10, 60_000, 10, 10])).toEqual([0, 200, 400, 0, 0, 200])
  })
})
