import type { CallEvent } from '@kav/core/host'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { SEMCONV_VERSION } from '../spans/attribute-table.ts'
import { createSpanFold, type SpanFold } from '../spans/span-fold.ts'
import { attributesOfCall } from './attributes-of-call.ts'
import { toReadableSpan } from './readable-span.ts'
import { createSpanQueue } from './span-queue.ts'
import {
  ENTRY_SLOTS,
  type EntryKind,
  type FromTraceThread,
  type TracedCall,
  type TracesSettings,
} from './trace-messages.ts'

/** Makes spans of batches of entries, and sends them. It reports a few times a second while there is something to. */
export interface TraceWriter {
  take(entries: string): void
  close(limitMs: number): Promise<void>
}

const REPORT_AFTER_MS = 250

type Entry = readonly [
  call: number,
  atMs: number,
  kind: EntryKind,
  fields: object | null,
  said: object | null,
]

export function createTraceWriter(
  settings: TracesSettings,
  tell: (report: FromTraceThread) => void,
): TraceWriter {
  const report = createReport(tell)
  const exporter = settings.protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter()
  const spans = createSpanQueue({ exporter, settings: settings.queue, ...report.parts })
  report.waiting = () => spans.waiting
  const process = {
    scope: {
      name: '@kav/telemetry-otel',
      version: settings.version,
      schemaUrl: `https://opentelemetry.io/schemas/${SEMCONV_VERSION}`,
    },
    resource: resourceFromAttributes(settings.resource).merge(detectResources({ detectors: [envDetector] })),
  }
  const folds = new Map<number, SpanFold>()

  function begin(call: TracedCall): SpanFold {
    const { traceId, remoteParentId, startedAtWallMs } = call
    const attributesOf = attributesOfCall(call)
    const traced = { traceId, remoteParentId, startedAtWallMs, ...process, attributesOf }
    return createSpanFold({ content: settings.content }, (span) => spans.add(toReadableSpan(span, traced)))
  }

  function read([call, atMs, kind, fields, said]: Entry): void {
    if (kind === 'begin') return void folds.set(call, begin(fields as TracedCall))
    const fold = folds.get(call)
    // It began before this thread did.
    if (!fold) return report.parts.metrics.count('trace_events_lost_total', 1, { why: 'thread' })
    if (kind === 'over') {
      folds.delete(call)
      return fold.end()
    }
    fold.onEvent({ event: kind, atMs, fields: fields ?? {}, private: said ?? {} } as CallEvent)
  }

  return {
    take(entries) {
      const flat = JSON.parse(entries) as unknown[]
      for (let at = 0; at < flat.length; at += ENTRY_SLOTS)
        read(flat.slice(at, at + ENTRY_SLOTS) as unknown as Entry)
      report.read(flat.length / ENTRY_SLOTS)
    },
    async close(limitMs) {
      await spans.close(limitMs)
      report.last()
    },
  }
}

/** Gathers what is to be told, so that it costs the other thread little to hear it. */
function createReport(tell: (report: FromTraceThread) => void) {
  let read = 0
  let lines: FromTraceThread['lines'][number][] = []
  let timer: NodeJS.Timeout | undefined
  const counts = new Map<string, [name: string, by: number, labels: Readonly<Record<string, string>>]>()

  function send(closed: boolean): void {
    clearTimeout(timer)
    timer = undefined
    tell({ read, waiting: own.waiting(), counts: [...counts.values()], lines, closed })
    counts.clear()
    read = 0
    lines = []
  }
  function soon(): void {
    timer ??= setTimeout(() => send(false), REPORT_AFTER_MS)
  }
  const line =
    (level: 'info' | 'warn') =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      lines.push({ level, fields, message })
      soon()
    }
  const own = {
    waiting: (): number => 0,
    read(entries: number): void {
      read += entries
      soon()
    },
    last: () => send(true),
    parts: {
      metrics: {
        count(name: string, by = 1, labels: Readonly<Record<string, string>> = {}): void {
          const key = `${name} ${labels['why']}`
          const known = counts.get(key)
          if (known) known[1] += by
          else counts.set(key, [name, by, labels])
          soon()
        },
      },
      log: { info: line('info'), warn: line('warn') },
    },
  }
  return own
}
