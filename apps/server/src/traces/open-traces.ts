import { readFileSync } from 'node:fs'
import type { Logger, Metrics } from '@kav/core'
import type { CallTraces } from './call-traces.ts'
import type { TraceSettings } from './trace-settings.ts'

const PACKAGE = '@kav/telemetry-otel'

/**
 * Opens the way to the collector; `undefined`: there are no traces. Throws an Error where they are asked for and the
 * package is not installed. Whether the collector answers is not asked: no call waits for it.
 */
export async function openTraces(
  settings: TraceSettings | undefined,
  parts: { log: Logger; metrics: Metrics; node: string; worker?: number },
): Promise<CallTraces | undefined> {
  if (settings === undefined) return undefined
  const { log, metrics, node, worker } = parts
  const otel = await tracesPackage()
  if (otel === undefined) {
    const fix = `run: npm install ${PACKAGE}`
    if (settings.required) throw new Error(`KAV_TRACES is on, and ${PACKAGE} is not installed; ${fix}`)
    log.warn({ fix }, 'TRACES: off, their package is not installed')
    return undefined
  }
  const version = ownVersion()
  return otel.openTraces({
    ...settings,
    version,
    log,
    metrics,
    resource: {
      'service.name': 'kav',
      'service.version': version,
      'service.instance.id': worker === undefined ? node : `${node}/${worker}`,
      'kav.node': node,
      ...(worker !== undefined && { 'kav.worker': String(worker) }),
    },
  })
}

export async function hasTracesPackage(): Promise<boolean> {
  return (await tracesPackage()) !== undefined
}

/** Only who has a collector pays for its client. `undefined`: it is not installed. */
async function tracesPackage() {
  return await import('@kav/telemetry-otel').catch((thrown: unknown) => {
    if ((thrown as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw thrown
  })
}

/** Of this package; from src and from dist alike. */
function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(text) as { version?: unknown }).version)
}
