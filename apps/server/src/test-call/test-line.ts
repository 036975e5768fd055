import { Writable } from 'node:stream'
import { type CallEvent, type CallRecord, createFrameClock, type LoadedPipeline } from '@kav/core/host'
import { OnceMemory } from '@kav/core/kit'
import { type CarrierApi, openCarrierApi } from '@kav/phone'
import { createHttpHost } from '../http-host.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { namedPlugins } from '../plugins.ts'
import { codePlaces } from '../process/fault-origin.ts'
import { guardProcess } from '../process/process-guard.ts'
import { createStorage } from '../process/storage.ts'
import { ownOutbound } from '../admission/outbound-links.ts'
import { openService } from '../service/service.ts'
import { systemClock } from '../system-clock.ts'
import { accountOf, type CarrierDial, dialAsCarrier } from './carrier-account.ts'

/** A pipeline on a free port of this machine, ready for one call as the carrier would place it. */
export interface TestLine {
  /** How to call it: webhook, account, signature. */
  readonly dial: CarrierDial
  readonly carrier: CarrierApi
  /** Log lines of level error and above, so far. */
  readonly errorLines: readonly string[]
  /** Resolves when the call is over and its files are written. */
  readonly kept: Promise<{ record: CallRecord; files: readonly string[] }>
  close(): Promise<void>
}

const ERROR_LEVEL = 50

export async function openTestLine(options: {
  readonly pipeline: LoadedPipeline
  readonly onEvent: (event: CallEvent) => void
}): Promise<TestLine> {
  const errorLines: string[] = []
  const log = createLogger({ level: 'error', private: true, pretty: false, to: collectErrors(errorLines) })
  let recordKept: (kept: { record: CallRecord; files: readonly string[] }) => void = () => undefined
  const kept = new Promise<{ record: CallRecord; files: readonly string[] }>((resolve) => {
    recordKept = resolve
  })
  const account = accountOf(options.pipeline)
  const { transport } = options.pipeline.stages
  const double = await transport.plugin.double?.(transport.params)
  const carrier = await openCarrierApi(account)
  const http = createHttpHost(log)
  const metrics = createMetrics(log)
  const unguard = guardProcess({
    log,
    metrics: metrics.metrics,
    clock: systemClock,
    places: await codePlaces(namedPlugins(options.pipeline)),
    onIll: () => undefined,
  })
  const used = new OnceMemory(systemClock, () => undefined)
  const closeCarrier = async (): Promise<void> => {
    await Promise.all([carrier.close(), double?.close()])
  }
  const params = double?.params ?? { ...transport.params, api_base_url: carrier.url }
  const running = await openService([withCarrier(options.pipeline, params)], {
    port: http,
    clock: systemClock,
    log,
    metrics,
    frameClock: createFrameClock(systemClock, metrics.metrics),
    once: (key, withinMs) => used.use(key, withinMs),
    outbound: ownOutbound,
    storage: createStorage({ clock: systemClock, metrics: metrics.metrics }),
    onEvent: options.onEvent,
    onRecord: (record, files) => recordKept({ record, files }),
  }).catch(async (error: unknown) => {
    unguard()
    await closeCarrier()
    throw error
  })
  const close = async (): Promise<void> => {
    await running.close()
    await http.close()
    await closeCarrier()
    unguard()
  }
  const port = await http.listen(0, '127.0.0.1').catch(async (error: unknown) => {
    await close()
    throw error
  })
  const url = `http://127.0.0.1:${port}`
  return {
    dial: double ? { through: { double, url } } : dialAsCarrier(account, url),
    carrier,
    errorLines,
    kept,
    close,
  }
}

/** A test call must not reach the real carrier: its API is the one on loopback. */
function withCarrier(pipeline: LoadedPipeline, params: Readonly<Record<string, unknown>>): LoadedPipeline {
  const transport = pipeline.stages.transport
  return {
    ...pipeline,
    // The phone takes all that it hears for speech.
    background: undefined,
    stages: {
      ...pipeline.stages,
      transport: { ...transport, params },
    },
  }
}

interface ErrorEntry {
  readonly level: number
  readonly msg?: string
  readonly code?: string
  readonly error?: string
  /** What a service answered may stand here alone; the operator at the terminal may read it. */
  readonly private?: { readonly error?: string }
}

function errorLine({ msg, code, error, private: hidden }: ErrorEntry): string {
  const what = [msg, error ?? hidden?.error].filter(Boolean).join(': ')
  return code === undefined ? what : `${what} (${code})`
}

function collectErrors(into: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().split('\n')) {
        if (line === '') continue
        const entry = JSON.parse(line) as ErrorEntry
        if (entry.level >= ERROR_LEVEL) into.push(errorLine(entry))
      }
      done()
    },
  })
}
