import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CallSpan, PARTS, spansOfEvents, type SpanTree } from '../../src/index.ts'
import { bearsOnSpans } from '../../src/spans/telling-events.ts'
import { anyEvents, event } from './any-events.ts'

const isPart = ({ name }: CallSpan): boolean => PARTS.some((part) => part === name)

function allOf(tree: SpanTree): readonly SpanTree[] {
  return [tree, ...tree.children.flatMap(allOf)]
}

describe('the spans of any events', () => {
  it('lie within their parents', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const { span, children } of allOf(spansOfEvents(events))) {
          expect(span.endMs).toBeGreaterThanOrEqual(span.startMs)
          for (const { span: child } of children) {
            expect(child.startMs).toBeGreaterThanOrEqual(span.startMs)
            expect(child.endMs).toBeLessThanOrEqual(span.endMs)
          }
        }
      }),
    )
  })

  it('fill a turn with parts that follow each other, to the ms', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        for (const { span, children } of allOf(spansOfEvents(events))) {
          if (span.name !== 'turn') continue
          const parts = children.map((child) => child.span).filter(isPart)
          let endMs = span.startMs
          for (const part of parts) {
            expect(part.startMs).toBe(endMs)
            endMs = part.endMs
          }
          expect(endMs).toBe(span.endMs)
          expect(parts.reduce((sum, part) => sum + part.endMs - part.startMs, 0)).toBe(
            span.endMs - span.startMs,
          )
        }
      }),
    )
  })

  it('have keys of their own, and the same ones for the same events', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const keys = allOf(spansOfEvents(events)).map(({ span }) => span.key)
        expect(new Set(keys).size).toBe(keys.length)
        expect(spansOfEvents(events)).toEqual(spansOfEvents([...events]))
      }),
    )
  })

  it('are one call, closed at its last moment and marked where its end was not told', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const { span } = spansOfEvents(events)
        const ended = events.find(({ event }) => event === 'call_ended')
        expect(span.name).toBe('call')
        expect(span.attributes['kav.unended']).toBe(ended ? undefined : true)
        expect(span.endMs).toBe(Math.round((ended ?? events.at(-1))?.atMs ?? 0))
      }),
    )
  })

  it('are the same without the events that bear on none', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const ended = [...events, event('call_ended', (events.at(-1)?.atMs ?? 0) + 1, { ended_by: 'caller' })]
        const voice = event('agent_voice', 0, { start_ms: 0, end_ms: 1 })
        const more = ended.flatMap((one) => [one, { ...voice, atMs: one.atMs }])
        expect(more.filter(bearsOnSpans)).toEqual(ended.filter(bearsOnSpans))
        expect(spansOfEvents(more.filter(bearsOnSpans))).toEqual(spansOfEvents(more))
      }),
    )
  })

  it('lose no request and no turn', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const end = events.findIndex(({ event }) => event === 'call_ended')
        const told = end < 0 ? events : events.slice(0, end)
        const spans = allOf(spansOfEvents(events)).map(({ span }) => span)
        const count = (names: readonly string[]) => told.filter(({ event }) => names.includes(event)).length
        const named = (names: readonly string[]) => spans.filter(({ name }) => names.includes(name)).length
        expect(named(['llm', 'tts', 'tool'])).toBe(count(['llm_request', 'tts_request', 'tool_ended']))
        expect(named(['speech'])).toBe(count(['caller_voice']))
        expect(named(['greeting'])).toBe(count(['greeting_queued']))
        expect(named(['recognition'])).toBe(count(['stt_ready']))
      }),
    )
  })

  it('hold no word that was said, unless that is switched on', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        expect(JSON.stringify(spansOfEvents(events))).not.toContain('words')
        for (const { span } of allOf(spansOfEvents(events, { content: true }))) {
          for (const [key, value] of Object.entries(span.attributes)) {
            if (String(value).includes('words')) expect(key).toMatch(/^kav\.pii\./)
          }
        }
      }),
    )
  })
})
