import type { Logger, Metrics } from '@kav/core'
import { ExportResultCode } from '@opentelemetry/core'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace'

/** How spans wait for the collector. */
export interface QueueSettings {
  /** Those waiting and those on their way; what is beyond is lost, and counted. */
  readonly maxSpans: number
  /** In one request. */
  readonly batchSpans: number
  readonly delayMs: number
}

/** Spans on their way to the collector. No call waits for it. */
export interface SpanQueue {
  add(span: ReadableSpan): void
  /** Spans that have not come to the collector. */
  readonly waiting: number
  /** Sends what waits, as long as it may; what is left then is lost, and counted. Never rejects. */
  close(limitMs: number): Promise<void>
}

export interface SpanQueueParts {
  readonly exporter: SpanExporter
  readonly settings: QueueSettings
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly metrics: Pick<Metrics, 'count'>
}

export function createSpanQueue({ exporter, settings, log, metrics }: SpanQueueParts): SpanQueue {
  let pending = 0
  let failing = false
  let closed = false

  function lost(why: 'queue_full' | 'collector' | 'shutdown', spans: number): void {
    if (spans > 0) metrics.count('trace_spans_lost_total', spans, { why })
  }

  /** Told once, until it goes well again. */
  function tell(fails: boolean, error: Error | undefined): void {
    if (failing === fails) return
    failing = fails
    if (fails) log.warn({ error: error?.message ?? 'unknown' }, 'TRACES: the collector does not take spans')
    else log.info({}, 'TRACES: the collector takes spans again')
  }

  const counting: SpanExporter = {
    export(spans, done) {
      exporter.export(spans, (result) => {
        pending -= spans.length
        const fails = result.code !== ExportResultCode.SUCCESS
        if (!closed) {
          if (fails) lost('collector', spans.length)
          else metrics.count('trace_spans_exported_total', spans.length)
          tell(fails, result.error)
        }
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
  }
  const batches = new BatchSpanProcessor({
    exporter: counting,
    maxQueueSize: settings.maxSpans,
    maxExportBatchSize: settings.batchSpans,
    scheduledDelayMillis: settings.delayMs,
  })

  return {
    add(span) {
      if (closed) return lost('shutdown', 1)
      if (pending >= settings.maxSpans) return lost('queue_full', 1)
      pending++
      batches.onEnd(span)
    },
    get waiting() {
      return pending
    },
    async close(limitMs) {
      if (closed) return
      let timer: NodeJS.Timeout | undefined
      const over = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limitMs)
      })
      await Promise.race([batches.shutdown().catch(() => undefined), over])
      clearTimeout(timer)
      closed = true
      lost('shutdown', pending)
      pending = 0
    },
  }
}
