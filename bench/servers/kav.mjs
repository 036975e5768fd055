// The server under test: the real HTTP host, transport, queues, workers, telemetry, metrics and call records, with the
// fake providers of the pipeline file that the first argument names.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFrameClock } from '../../packages/core/dist/host.js'
import { createHttpHost } from '../../apps/server/dist/http-host.js'
import { createLogger } from '../../apps/server/dist/log.js'
import { createMetrics } from '../../apps/server/dist/metrics.js'
import { openPipeline } from '../../apps/server/dist/open-pipeline.js'
import { createServerLoader } from '../../apps/server/dist/plugins.js'
import { createStorage } from '../../apps/server/dist/process/storage.js'
import { openService } from '../../apps/server/dist/service/service.js'
import { openTraces } from '../../apps/server/dist/traces/open-traces.js'
import { readTraceSettings } from '../../apps/server/dist/traces/trace-settings.js'
import { systemClock } from '../../apps/server/dist/system-clock.js'
import { sttSessions } from '../fakes-plugin.mjs'
import { nicedThreadsMs } from '../lib/niced-threads.mjs'
import { processCommands, serveCommands } from '../lib/server-commands.mjs'

const recordDir = mkdtempSync(join(tmpdir(), 'kav-bench-'))
process.on('exit', () => rmSync(recordDir, { recursive: true, force: true }))

const file = fileURLToPath(new URL(`../pipelines/${process.argv[2]}`, import.meta.url))
const env = { ...process.env, BENCH_RECORD_DIR: recordDir }
const log = createLogger({ level: 'info', private: true, pretty: false })
const { pipeline } = await openPipeline(file, env, createServerLoader())
const http = createHttpHost(log)
const traceSettings = readTraceSettings(process.env)
const metrics = createMetrics(undefined, { exemplars: traceSettings !== undefined })
const traces = await openTraces(traceSettings, { log, metrics: metrics.metrics, node: 'bench' })
const running = await openService([pipeline], {
  port: http,
  clock: systemClock,
  log,
  metrics,
  traces,
  once: () => true,
  frameClock: createFrameClock(systemClock, metrics.metrics),
  storage: createStorage({ clock: systemClock, metrics: metrics.metrics }),
})
const port = await http.listen(0, '127.0.0.1')

serveCommands({
  ...processCommands(),
  calls: () => running.activeCalls,
  /** Spans that the collector took, and the CPU time of the thread that made them. */
  async traced() {
    const exported = (await metrics.figures()).find(({ name }) => name === 'kav_trace_spans_exported_total')
    return { spans: exported?.values[0]?.value ?? 0, threadMs: nicedThreadsMs() }
  },
  heard: () => sttSessions.map(({ check, ...facts }) => ({ ...facts, ...check?.report(facts.readyMs) })),
})
process.send({ id: 0, value: { webhookUrl: `http://127.0.0.1:${port}/twilio/voice` } })
