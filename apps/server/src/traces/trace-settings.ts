import { wholeNumberOf } from '../words/whole-number.ts'

/** How calls are traced, as OpenTelemetry's variables and Kav's own say. */
export interface TraceSettings {
  /** `false`: where the package is not installed, the process goes on without. */
  readonly required: boolean
  readonly protocol: 'http/protobuf' | 'http/json'
  readonly sampler: { readonly parentBased: boolean; readonly ratio: number }
  readonly queue: { readonly maxSpans: number; readonly batchSpans: number; readonly delayMs: number }
  /** `KAV_TRACES_CONTENT=on`: what was said, and phone numbers. */
  readonly content: boolean
}

type Variables = Readonly<Record<string, string | undefined>>

const PROTOCOLS = ['http/protobuf', 'http/json'] as const
/** By name: whether a call that came with a trace follows it, and the share of the others; absent: the argument. */
const SAMPLERS: Readonly<Record<string, { readonly parentBased: boolean; readonly ratio?: number }>> = {
  always_on: { parentBased: false, ratio: 1 },
  always_off: { parentBased: false, ratio: 0 },
  traceidratio: { parentBased: false },
  parentbased_always_on: { parentBased: true, ratio: 1 },
  parentbased_always_off: { parentBased: true, ratio: 0 },
  parentbased_traceidratio: { parentBased: true },
}

/**
 * `undefined`: no traces. On by `KAV_TRACES=on`, or where OpenTelemetry's variables name an exporter or a collector.
 * Throws an Error for a value that is none, or that is not spoken here.
 */
export function readTraceSettings(env: Variables): TraceSettings | undefined {
  const asked = oneOf(env, 'KAV_TRACES', ['on', 'off'] as const)
  const exporter = oneOf(env, 'OTEL_TRACES_EXPORTER', ['otlp', 'none'] as const)
  const named =
    env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || exporter === 'otlp'
  const forbidden = exporter === 'none' || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true'
  if (asked === 'off' || (asked === undefined && (!named || forbidden))) return undefined
  return {
    required: asked === 'on',
    protocol: protocolOf(env),
    sampler: samplerOf(env),
    queue: {
      maxSpans: count(env, 'OTEL_BSP_MAX_QUEUE_SIZE', 4096),
      batchSpans: count(env, 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512),
      delayMs: count(env, 'OTEL_BSP_SCHEDULE_DELAY', 1000),
    },
    content: oneOf(env, 'KAV_TRACES_CONTENT', ['on', 'off'] as const) === 'on',
  }
}

/** Where the collector is, as OpenTelemetry's exporter takes it from the variables. */
export function collectorAddress(env: Variables): string {
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']
  if (own) return own
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'] || 'http://localhost:4318'
  return `${base.replace(/\/$/, '')}/v1/traces`
}

function protocolOf(env: Variables): TraceSettings['protocol'] {
  const name = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL']
    ? 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'
    : 'OTEL_EXPORTER_OTLP_PROTOCOL'
  if (env[name] === 'grpc')
    throw new Error(
      `${name} is grpc, which is not spoken here; use http/protobuf (port 4318 of the collector)`,
    )
  return oneOf(env, name, PROTOCOLS) ?? 'http/protobuf'
}

function samplerOf(env: Variables): TraceSettings['sampler'] {
  const name = oneOf(env, 'OTEL_TRACES_SAMPLER', Object.keys(SAMPLERS)) ?? 'parentbased_always_on'
  const { parentBased, ratio } = SAMPLERS[name]!
  return { parentBased, ratio: ratio ?? share(env, 'OTEL_TRACES_SAMPLER_ARG') }
}

function share(env: Variables, name: string): number {
  const text = env[name] || '1'
  const value = Number(text)
  if (value >= 0 && value <= 1) return value
  throw new Error(`${name} is ${JSON.stringify(text)}; a number from 0 to 1 is expected`)
}

const MOST = 1_000_000

function count(env: Variables, name: string, byDefault: number): number {
  const text = env[name]
  if (text === undefined || text === '') return byDefault
  const value = wholeNumberOf(text)
  if (value !== undefined && value >= 1 && value <= MOST) return value
  throw new Error(`${name} is ${JSON.stringify(text)}; a whole number from 1 to ${MOST} is expected`)
}

function oneOf<Value extends string>(
  env: Variables,
  name: string,
  allowed: readonly Value[],
): Value | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  const found = allowed.find((value) => value === text)
  if (found === undefined)
    throw new Error(`${name} is ${JSON.stringify(text)}; one of ${allowed.join(', ')} is expected`)
  return found
}
