import { describe, expect, it } from 'vitest'
import type { RealtimeEvent } from '../../../src/contracts/index.ts'
import { boundedSessionEvents } from '../../../src/pipeline/realtime/bounded-session-events.ts'
import { createFakeClock } from '../../../src/testing/index.ts'
import { createCallRig } from '../call-rig.ts'

describe('a model whose figures are none', () => {
  it('spoils no figure', async () => {
    const odd = [Number.NaN, -1, Infinity, 1e300, 0.5, '7' as never, 10n as never]
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    rig.llm.provider.reply = async function* () {
      yield { type: 'text', text: 'Well.' }
      for (const tokens of odd) yield { type: 'usage', inputTokens: tokens, outputTokens: 3 }
      yield { type: 'end', reason: 'stop' }
    }
    rig.start()
    await rig.silence(200)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'go on' })
    await rig.silence(1000)
    expect(rig.metrics.value('llm_input_tokens_total')).toBe(0)
    expect(rig.metrics.value('llm_output_tokens_total')).toBe(3 * odd.length)
    expect(rig.metrics.value('amounts_cut_total', { what: 'usage_tokens' })).toBe(odd.length)
    expect(rig.of('llm_failed')).toEqual([])
    await rig.end()
  })
})

describe('a recogniser that floods without a pause, and cannot be stopped', () => {
  it('is replaced', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    const { openSession } = rig.stt.provider
    let opened = 0
    rig.stt.provider.openSession = async (options) => {
      const session = await openSession.call(rig.stt.provider, options)
      if (opened++ > 0) return session
      const event = { type: 'partial', text: 'hm' } as const
      const events = {
        [Symbol.asyncIterator]: () => ({
          next: () => Promise.resolve({ done: false as const, value: event }),
          return: () => new Promise<never>(() => undefined),
        }),
      }
      return { ...session, events }
    }
    rig.start()
    await rig.silence(200)
    for (let loops = 0; loops < 10; loops++) await new Promise((resolve) => setImmediate(resolve))
    expect(rig.of('amount_cut').map(({ fields }) => fields['what'])).toEqual(['stt_events'])
    expect(rig.of('stt_lost')).toHaveLength(1)
    await rig.wait(15_000)
    expect(opened).toBe(2)
    await rig.end()
  })
})

describe('a speech-to-speech model that sends all it says at once', () => {
  it('is read a piece at a time, and the other calls have their turns in between', async () => {
    const audio = Uint8Array.from({ length: 2_000_001 }, (_, index) => index % 251)
    async function* all(): AsyncGenerator<RealtimeEvent> {
      yield { type: 'audio', itemId: 'i1', audio }
      yield { type: 'agent-final', itemId: 'i1', text: 'Well.' }
    }
    let turns = 0
    let isOver = false
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const { clock } = createFakeClock()
    const read: RealtimeEvent[] = []
    const telemetry = undefined as never
    for await (const event of boundedSessionEvents(all(), { plugin: 'x', clock, telemetry })) read.push(event)
    isOver = true
    const pieces = read.flatMap((event) => (event.type === 'audio' ? [event.audio] : []))
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(32_768)
    expect(Buffer.concat(pieces).equals(audio)).toBe(true)
    expect(read.at(-1)).toMatchObject({ type: 'agent-final' })
    expect(turns).toBeGreaterThanOrEqual(pieces.length)
  })
})
