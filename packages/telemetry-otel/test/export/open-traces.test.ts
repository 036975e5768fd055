import type { CallEvent } from '@kav/core/host'
import { createTestLogger, createTestMetrics } from '@kav/core/testing'
import { ROOT_CONTEXT } from '@opentelemetry/api'
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type BegunCall, openTraces, traceIdOf, type TracesOptions } from '../../src/index.ts'
import { event } from '../spans/any-events.ts'
import { type LoopbackCollector, openLoopbackCollector } from './loopback-collector.ts'

/** A thread starts late on a busy machine. */
const PATIENT = { timeout: 120_000 }
const STARTED_MS = 1_800_000_000_000

const call: BegunCall = {
  id: 'CA1',
  pipeline: 'front-desk',
  transport: 'twilio',
  startedAtWallMs: STARTED_MS,
  traceparent: undefined,
  models: { model: { model: 'gpt-4o-mini', maker: 'openai' } },
}

const EVENTS: readonly CallEvent[] = [
  event('call_started', 0, {}, { from: '+15550100' }),
  event('turn_ended', 1300, { turn: 1, speech_end_ms: 1000 }, { text: 'secret words' }),
  event('llm_request', 1800, {
    turn: 1,
    plugin: 'model',
    asked_ms: 1300,
    first_ms: 1500,
    outcome: 'answered',
    input_tokens: 40,
    output_tokens: 9,
  }),
  event('tool_ended', 2100, { turn: 1, tool: 'look_up', ms: 250, failed: true }),
  event('reply_ended', 4000, { turn: 1, outcome: 'heard' }),
  event('call_ended', 5000, { ended_by: 'caller' }),
]

describe('openTraces', () => {
  let collector: LoopbackCollector
  const metrics = createTestMetrics()
  const log = createTestLogger()
  const options: TracesOptions = {
    protocol: 'http/protobuf',
    sampler: { parentBased: true, ratio: 1 },
    queue: { maxSpans: 100, batchSpans: 50, delayMs: 10 },
    content: false,
    resource: { 'service.name': 'kav', 'kav.node': 'voice-1' },
    version: '0.1.0',
    log,
    metrics,
  }
  const counted = (name: string): number => metrics.value(name)

  beforeEach(async () => {
    collector = await openLoopbackCollector()
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
    vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '300')
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await collector.close()
  })

  async function trace(more: Partial<TracesOptions> = {}, begun: BegunCall = call) {
    const traces = openTraces({ ...options, ...more })
    const one = traces.begin(begun)
    for (const told of EVENTS) one.onEvent(told)
    one.over()
    await traces.close(5000)
    return one
  }
  const named = (name: string) => collector.spans.find((span) => span.name === name)

  it.each(['http/protobuf', 'http/json'] as const)('sends a call as %s', async (protocol) => {
    await trace({ protocol })
    const type = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf'
    expect([...collector.contentTypes]).toEqual([type])
    const root = named('invoke_agent front-desk')!
    expect(root).toMatchObject({
      traceId: traceIdOf('CA1'),
      parentSpanId: '',
      startMs: STARTED_MS,
      endMs: STARTED_MS + 5000,
      attributes: {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.conversation.id': 'CA1',
        'gen_ai.agent.name': 'front-desk',
        'kav.ended_by': 'caller',
      },
      resource: { 'service.name': 'kav', 'kav.node': 'voice-1' },
    })
    const turn = named('turn 1')!
    expect(turn).toMatchObject({
      parentSpanId: root.spanId,
      startMs: STARTED_MS + 1000,
      endMs: STARTED_MS + 4000,
    })
    expect(named('chat gpt-4o-mini')).toMatchObject({
      parentSpanId: turn.spanId,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o-mini',
        'gen_ai.usage.input_tokens': 40,
        'gen_ai.usage.output_tokens': 9,
        'gen_ai.response.time_to_first_chunk': 0.2,
      },
    })
    expect(named('execute_tool look_up')).toMatchObject({ failed: true, startMs: STARTED_MS + 1850 })
    expect(JSON.stringify(collector.spans)).not.toMatch(/secret words|15550100/)
  })

  it('sends what was said under keys with pii, where that is switched on', async () => {
    await trace({ content: true })
    expect(named('turn 1')?.attributes['kav.pii.caller_text']).toBe('secret words')
    expect(named('invoke_agent front-desk')?.attributes['kav.pii.from']).toBe('+15550100')
  })

  it('goes on with the trace that a call came with', async () => {
    const traceId = 'ab'.repeat(16)
    const one = await trace({}, { ...call, traceparent: `00-${traceId}-${'cd'.repeat(8)}-01` })
    const root = named('invoke_agent front-desk')!
    expect(root).toMatchObject({ traceId, parentSpanId: 'cd'.repeat(8) })
    expect(one.traceparent).toBe(`00-${traceId}-${root.spanId}-01`)
  })

  it('leaves a call out that came with a trace that is not sampled', async () => {
    const one = await trace({}, { ...call, traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-00` })
    expect(one.sampled).toBe(false)
    expect(collector.spans).toEqual([])
  })

  it('traces the share of calls that the sampler says, the same ones as OpenTelemetry’s SDK', async () => {
    const traces = openTraces({ ...options, sampler: { parentBased: true, ratio: 0.25 } })
    const sampled = Array.from({ length: 400 }, (_, at) => traces.begin({ ...call, id: `CA${at}` }).sampled)
    const sdk = new TraceIdRatioBasedSampler(0.25)
    const asSdk = Array.from(
      { length: 400 },
      (_, at) => sdk.shouldSample(ROOT_CONTEXT, traceIdOf(`CA${at}`)).decision,
    )
    expect(sampled).toEqual(asSdk.map((decision) => decision === SamplingDecision.RECORD_AND_SAMPLED))
    expect(sampled.filter(Boolean).length).toBeGreaterThan(60)
    expect(sampled.filter(Boolean).length).toBeLessThan(140)
    await traces.close(1000)
  })

  it('takes what OpenTelemetry’s variables say of the resource', async () => {
    vi.stubEnv('OTEL_SERVICE_NAME', 'front-desk-eu')
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=staging')
    await trace()
    expect(named('turn 1')?.resource).toMatchObject({
      'service.name': 'front-desk-eu',
      'deployment.environment.name': 'staging',
    })
  })

  it.each([500, 503])('counts the spans that a collector refuses with %i', async (status) => {
    collector.answer(status)
    const before = counted('trace_spans_lost_total')
    await trace()
    expect(collector.requests).toBeGreaterThan(0)
    expect(collector.spans).toEqual([])
    expect(counted('trace_spans_lost_total') - before).toBe(7)
    expect(log.find('TRACES: the collector does not take spans')).not.toEqual([])
  })

  it('counts the spans of a collector that is not there', async () => {
    await collector.close()
    const before = counted('trace_spans_lost_total')
    await trace()
    expect(counted('trace_spans_lost_total') - before).toBe(7)
  })

  it(
    'holds no more than its queue for a collector that never answers, and does not wait for it',
    { timeout: 120_000 },
    async () => {
      vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '60000')
      collector.answer(undefined)
      const before = counted('trace_spans_lost_total')
      const traces = openTraces({ ...options, queue: { maxSpans: 10, batchSpans: 5, delayMs: 10 } })
      for (let at = 0; at < 5; at++) {
        const one = traces.begin({ ...call, id: `CA${at}` })
        for (const told of EVENTS) one.onEvent(told)
      }
      await expect.poll(() => counted('trace_spans_lost_total') - before, PATIENT).toBe(5 * 7 - 10)
      await traces.close(20)
      expect(counted('trace_spans_lost_total') - before).toBe(5 * 7)
    },
  )
})
