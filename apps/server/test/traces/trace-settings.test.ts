import { describe, expect, it } from 'vitest'
import { collectorAddress, readTraceSettings } from '../../src/traces/trace-settings.ts'

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }

describe('readTraceSettings', () => {
  it.each([
    ['nothing is set', {}],
    ['KAV_TRACES is off', { ...COLLECTOR, KAV_TRACES: 'off' }],
    ['the exporter is none', { ...COLLECTOR, OTEL_TRACES_EXPORTER: 'none' }],
    ['the SDK is disabled', { ...COLLECTOR, OTEL_SDK_DISABLED: 'true' }],
  ])('traces nothing where %s', (_why, env) => {
    expect(readTraceSettings(env)).toBeUndefined()
  })

  it.each([
    ['a collector is named', COLLECTOR],
    ['the exporter is otlp', { OTEL_TRACES_EXPORTER: 'otlp' }],
  ])('traces where %s, and goes on without its package', (_why, env) => {
    expect(readTraceSettings(env)).toMatchObject({
      required: false,
      content: false,
      protocol: 'http/protobuf',
      sampler: { parentBased: true, ratio: 1 },
    })
  })

  it('needs its package where it is asked for by name', () => {
    expect(readTraceSettings({ KAV_TRACES: 'on' })?.required).toBe(true)
  })

  it('takes the sampler of OpenTelemetry’s variables', () => {
    const env = { ...COLLECTOR, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }
    expect(readTraceSettings(env)?.sampler).toEqual({ parentBased: false, ratio: 0.1 })
  })

  it.each([
    [{ KAV_TRACES: 'yes' }, 'KAV_TRACES is "yes"; one of on, off is expected'],
    [{ ...COLLECTOR, KAV_TRACES_CONTENT: 'all' }, 'KAV_TRACES_CONTENT is "all"; one of on, off is expected'],
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER is "zipkin"; one of otlp, none is expected'],
    [
      { ...COLLECTOR, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL is grpc, which is not spoken here; use http/protobuf (port 4318 of the collector)',
    ],
    [
      { ...COLLECTOR, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '10%' },
      'OTEL_TRACES_SAMPLER_ARG is "10%"; a number from 0 to 1 is expected',
    ],
    [
      { ...COLLECTOR, OTEL_BSP_MAX_QUEUE_SIZE: '-1' },
      'OTEL_BSP_MAX_QUEUE_SIZE is "-1"; a whole number from 1 to 1000000 is expected',
    ],
  ])('refuses %o', (env, message) => {
    expect(() => readTraceSettings(env)).toThrow(message)
  })
})

describe('collectorAddress', () => {
  it.each([
    [{}, 'http://localhost:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' }, 'http://otel:4318/v1/traces'],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://tempo:4318/x',
      },
      'http://tempo:4318/x',
    ],
  ])('of %o is %s', (env, address) => {
    expect(collectorAddress(env)).toBe(address)
  })
})
