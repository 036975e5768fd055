import { describe, expect, it } from 'vitest'
import { formatFor } from '../../src/metrics/open-metrics.ts'
import { createMetrics } from '../../src/metrics.ts'
import { renderSum } from '../../src/workers/worker-figures.ts'

const TRACE = 'ab'.repeat(16)
const OTHER_TRACE = 'cd'.repeat(16)

function counted(traceId: string, latencyMs = 700) {
  const made = createMetrics(undefined, { exemplars: true })
  const desk = made.ofPipeline('desk')
  desk.metrics.count('tx_underruns_total', 2)
  desk.metrics.gauge('active_calls', 3)
  desk.ofTrace(traceId).observe('turn_latency_ms', latencyMs, { step: 'first_frame' })
  return made
}

const lineOf = (text: string, start: string): string | undefined =>
  text.split('\n').find((line) => line.startsWith(start))
const BUCKET = 'kav_turn_latency_seconds_bucket{le="0.75",step="first_frame",pipeline="desk"}'

describe('figures as OpenMetrics', () => {
  it('have the trace of a bucket’s last value', async () => {
    const text = await counted(TRACE).render('openmetrics')
    expect(lineOf(text, BUCKET)).toMatch(new RegExp(`^.* 1 # \\{trace_id="${TRACE}"\\} 0\\.7 [\\d.]+$`))
    expect(text.endsWith('\n# EOF\n')).toBe(true)
  })

  it('have families of counters without _total, and samples with it', async () => {
    const text = await counted(TRACE).render('openmetrics')
    expect(text).toContain('# TYPE kav_tx_underruns counter\nkav_tx_underruns_total{pipeline="desk"} 2')
    expect(text).not.toMatch(/^# TYPE \S+_total counter$/m)
    expect(text).not.toContain('_total_total')
  })

  it('have a family once, with its samples behind it', async () => {
    const text = await counted(TRACE).render('openmetrics')
    const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)
    expect(new Set(families).size).toBe(families.length)
    let family = ''
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('# TYPE ')) family = line.split(' ')[2]!
      else if (!line.startsWith('#')) expect(line.startsWith(family)).toBe(true)
    }
  })

  it('are as they were where plain text is asked for', async () => {
    const made = counted(TRACE)
    await made.render('openmetrics')
    const text = await made.render()
    expect(text).not.toContain(TRACE)
    expect(text).not.toContain('# EOF')
    expect(text).toContain('# TYPE kav_tx_underruns_total counter\nkav_tx_underruns_total{pipeline="desk"} 2')
  })

  it('have the newest exemplar of all workers in their sum', async () => {
    const first = counted(TRACE)
    const second = counted(OTHER_TRACE, 720)
    const processes = [await first.figures(), await second.figures()]
    // As they come through the channel between processes.
    const text = await renderSum(structuredClone(processes), 'openmetrics')
    expect(lineOf(text, BUCKET.replace('le="0.75",', ''))).toBeUndefined()
    const line = text.split('\n').find((one) => one.includes('le="0.75"') && one.includes('first_frame'))
    expect(line).toMatch(new RegExp(` 2 # \\{trace_id="(${TRACE}|${OTHER_TRACE})"\\} 0\\.7`))
    expect(await renderSum(processes)).not.toContain('trace_id')
  })

  it('keep no exemplars where none are asked for', async () => {
    const made = createMetrics()
    made.ofPipeline('desk').ofTrace(TRACE).observe('turn_latency_ms', 700, { step: 'first_frame' })
    expect(await made.render('openmetrics')).not.toContain(TRACE)
  })
})

describe('formatFor', () => {
  it.each([
    [undefined, 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/plain', 'prometheus'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text;version=1.0.0;q=0', 'prometheus'],
    ['application/openmetrics-text;q=0.2,text/plain;q=0.9', 'prometheus'],
    // Prometheus 2 and 3.
    [
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
      'openmetrics',
    ],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
      'openmetrics',
    ],
  ])('of %s is %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format)
  })
})
