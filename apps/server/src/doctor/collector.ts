import { type LiveFinding, messageOf } from '@kav/core'
import { finding } from '@kav/core/kit'
import { collectorAddress, type TraceSettings } from '../traces/trace-settings.ts'

const ANSWER_LIMIT_MS = 5000
/** What a collector answers to a request that holds no span. */
const NOTHING = { 'http/protobuf': new Uint8Array(0), 'http/json': '{"resourceSpans":[]}' }
const TYPES = { 'http/protobuf': 'application/x-protobuf', 'http/json': 'application/json' }

/** Whether spans would reach the collector, where calls are traced. */
export async function collectorFindings(
  settings: TraceSettings | undefined,
  env: Readonly<Record<string, string | undefined>>,
  isInstalled: () => Promise<boolean>,
): Promise<readonly LiveFinding[]> {
  if (settings === undefined) return []
  return [...(await packageFindings(settings, isInstalled)), await askCollector(settings, env)]
}

async function packageFindings(
  { required }: TraceSettings,
  isInstalled: () => Promise<boolean>,
): Promise<readonly LiveFinding[]> {
  if (await isInstalled()) return []
  const fix = 'npm install @kav/telemetry-otel'
  const what = 'calls are to be traced, and @kav/telemetry-otel is not installed'
  return [required ? finding.error(what, fix) : finding.warning(what, fix)]
}

async function askCollector(
  { protocol }: TraceSettings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LiveFinding> {
  // Who it is stands in a header: OpenTelemetry's exporter leaves out what the address says of that.
  const shown = withoutPassword(collectorAddress(env))
  try {
    const { status } = await fetch(shown, {
      method: 'POST',
      headers: { ...headersIn(env), 'content-type': TYPES[protocol] },
      body: NOTHING[protocol],
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
    if (status < 300) return finding.ok(`the collector at ${shown} takes spans`)
    return finding.warning(
      `the collector at ${shown} answers ${status}: no call is held up by that, but its spans are lost`,
      status === 401 || status === 403
        ? 'Check OTEL_EXPORTER_OTLP_HEADERS.'
        : 'Check OTEL_EXPORTER_OTLP_ENDPOINT: it wants the port for OTLP over HTTP, usually 4318.',
    )
  } catch (error) {
    return finding.warning(
      `no collector answers at ${shown} (${causeOf(error)}): no call is held up by that, but its spans are lost`,
      'Start it, set OTEL_EXPORTER_OTLP_ENDPOINT, or switch traces off with KAV_TRACES=off.',
    )
  }
}

/** As OpenTelemetry writes them: `key=value,key=value`, percent-encoded. */
function headersIn(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const text = env['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] || env['OTEL_EXPORTER_OTLP_HEADERS'] || ''
  const pairs = text.split(',').flatMap((pair) => {
    const border = pair.indexOf('=')
    if (border < 1) return []
    return [[pair.slice(0, border).trim(), decodeURIComponent(pair.slice(border + 1).trim())] as const]
  })
  return Object.fromEntries(pairs)
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//')
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const { code } = (cause ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : messageOf(error)
}
