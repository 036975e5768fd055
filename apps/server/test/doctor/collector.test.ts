import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type LoopbackCollector,
  openLoopbackCollector,
} from '../../../../packages/telemetry-otel/test/export/loopback-collector.ts'
import { collectorFindings } from '../../src/doctor/collector.ts'
import { readTraceSettings } from '../../src/traces/trace-settings.ts'

describe('what kav doctor finds of the collector', () => {
  let collector: LoopbackCollector
  beforeEach(async () => {
    collector = await openLoopbackCollector()
  })
  afterEach(() => collector.close())

  const find = (env: Record<string, string> = {}, installed = true) => {
    const all = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env }
    return collectorFindings(readTraceSettings(all), all, async () => installed)
  }

  it.each(['http/protobuf', 'http/json'])('is well where it takes %s', async (protocol) => {
    const found = await find({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol })
    expect(found).toMatchObject([{ level: 'ok' }])
    expect(collector.requests).toBe(1)
  })

  it('is nothing where calls are not traced', async () => {
    expect(await find({ KAV_TRACES: 'off' })).toEqual([])
    expect(collector.requests).toBe(0)
  })

  it.each([401, 404, 503])('is a warning where it answers %i', async (status) => {
    collector.answer(status)
    const [found] = await find()
    expect(found).toMatchObject({ level: 'warning' })
    expect(found?.message).toContain(`answers ${status}`)
  })

  it('is a warning where nobody answers, and names no password', async () => {
    await collector.close()
    const address = collector.url.replace('//', '//user:hunter22@')
    const [found] = await find({ OTEL_EXPORTER_OTLP_ENDPOINT: address })
    expect(found).toMatchObject({ level: 'warning' })
    expect(found?.message).toContain('no collector answers')
    expect(JSON.stringify(found)).not.toContain('hunter22')
  })

  it('is an error where the package is missing that was asked for, and a warning where it was not', async () => {
    expect(await find({ KAV_TRACES: 'on' }, false)).toMatchObject([{ level: 'error' }, { level: 'ok' }])
    expect(await find({}, false)).toMatchObject([{ level: 'warning' }, { level: 'ok' }])
  })
})
