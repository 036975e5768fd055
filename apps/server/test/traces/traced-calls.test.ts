import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCallerScript, runCallScript } from '@kav/phone'
import { traceIdOf } from '@kav/telemetry-otel'
import { describe, it, type TestContext } from 'vitest'
import {
  openLoopbackCollector,
  type ReceivedSpan,
} from '../../../../packages/telemetry-otel/test/export/loopback-collector.ts'
import { serveProcess, type ServedProcess } from '../served-process.ts'

const PIPELINE = fileURLToPath(new URL('../fixtures/echo-desk.yaml', import.meta.url))
/** Real processes on a shared machine may be slow; nothing here depends on how fast they are. */
const LIMIT_MS = 240_000
const PARTS = ['superseded', 'endpointing', 'first_token', 'first_audio', 'wire', 'playout']

const script = createCallerScript({
  name: 'one question',
  steps: [{ wait_mark: 'greeting_end' }, { say: 'hello.wav' }, { wait_hang_up: { timeout_ms: 30_000 } }],
})

interface TracedCall {
  readonly server: ServedProcess
  readonly spans: readonly ReceivedSpan[]
  named(name: string): ReceivedSpan | undefined
}

describe('a call of a traced process', () => {
  async function callBy(workers: number, { expect, onTestFinished }: TestContext): Promise<TracedCall> {
    const collector = await openLoopbackCollector()
    onTestFinished(() => collector.close())
    const named = (name: string) => collector.spans.find((span) => span.name === name)
    const server = await serveProcess(PIPELINE, {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      KAV_WORKERS: `${workers}`,
      KAV_NODE: 'voice-1',
    })
    onTestFinished(() => server.remove())
    const result = await runCallScript({
      webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`,
      script,
    })
    expect(result.script).toEqual({ passed: true })
    await expect.poll(() => named('invoke_agent echo-desk'), { timeout: 120_000 }).toBeDefined()
    return { server, spans: collector.spans, named }
  }

  it.concurrent(
    'is one trace, whose turn is filled by its parts from the end of the speech to heard',
    async (context) => {
      const { expect } = context
      const { server, spans, named } = await callBy(1, context)
      const root = named('invoke_agent echo-desk')!
      const callId = String(root.attributes['kav.call.id'])
      expect(root.traceId).toBe(traceIdOf(callId))
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([root.traceId]))
      expect(root.resource).toMatchObject({ 'service.name': 'kav', 'kav.node': 'voice-1' })
      const turn = named('turn 1')!
      expect(turn).toMatchObject({ parentSpanId: root.spanId, attributes: { 'kav.outcome': 'heard' } })
      const children = spans.filter(({ parentSpanId }) => parentSpanId === turn.spanId)
      expect(children.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['endpointing', 'playout', 'chat echo-llm', 'tts']),
      )
      const parts = children
        .filter(({ name }) => PARTS.includes(name))
        .sort((one, other) => one.startMs - other.startMs)
      expect(parts.map(({ startMs }) => startMs)).toEqual([
        turn.startMs,
        ...parts.slice(0, -1).map(({ endMs }) => endMs),
      ])
      expect(parts.at(-1)).toMatchObject({ name: 'playout', endMs: turn.endMs })

      const folder = join(server.dir, 'recordings')
      const records = () => readdirSync(folder).filter((name) => name.endsWith('.json'))
      await expect.poll(records, { timeout: LIMIT_MS }).toHaveLength(1)
      const [file] = records()
      const record = JSON.parse(readFileSync(join(folder, file!), 'utf8')) as object
      expect(record).toMatchObject({ callId, traceId: root.traceId })
      // Those of the transport are of no pipeline: they may come before anybody knows which.
      const lines = server.lines.filter((line) => line['call'] === callId && 'pipeline' in line)
      expect(lines.length).toBeGreaterThan(10)
      expect(new Set(lines.map(({ trace_id }) => trace_id))).toEqual(new Set([root.traceId]))
    },
    LIMIT_MS,
  )

  it.concurrent(
    'is told by the worker that took it, the last spans at the end of the process, too',
    async (context) => {
      const { expect } = context
      const { server, named } = await callBy(2, context)
      expect(['1', '2']).toContain(named('turn 1')!.resource['kav.worker'])
      const accept = 'application/openmetrics-text'
      const figures = await fetch(`${server.adminUrl}/metrics`, { headers: { accept } })
      expect(figures.headers.get('content-type')).toContain(accept)
      const exemplars = (await figures.text()).match(/# \{trace_id="\w+"\}/g)
      expect(new Set(exemplars)).toEqual(new Set([`# {trace_id="${named('turn 1')!.traceId}"}`]))
      server.signal('SIGTERM')
      expect(await server.exited).toBe(0)
    },
    LIMIT_MS,
  )
})
