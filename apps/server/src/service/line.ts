import type {
  BrowserCalls,
  BrowserOffer,
  CallRefusal,
  OutboundCall,
  Placing,
  TransportHost,
  UnreachedCall,
} from '@kav/core'
import { createTransport, type LoadedPipeline } from '@kav/core/host'
import type { CallsPort } from '../http-host.ts'
import { RouteTable } from '../http/route-table.ts'
import { refuseUpgrade, type UpgradeHandler } from '../http/upgrade-door.ts'
import { redactionsOf } from '../privacy/redactions-of.ts'
import { redactedLog } from '../privacy/redacted-log.ts'
import type { RunningPipeline } from './running-pipeline.ts'
import type { RefusedCalls } from '../calls/refused-calls.ts'
import { closeTold } from './close-told.ts'
import { createLineCalls } from './line-calls.ts'
import type { OutboundLinks } from '../admission/outbound-links.ts'
import { pluginNumber } from './plugin-number.ts'
import type { ServiceParts } from './service-parts.ts'

/**
 * One transport and the pipelines behind it. It lives for as long as some file has it as it is: what it gave out (a
 * stream's token, a place, an answer that may be asked for once more) holds while pipelines are replaced behind it.
 */
export interface Line {
  /** What it answers on the port, from `attach` on. */
  readonly table: RouteTable
  /** From now on new calls are these pipelines'. Those that were promised before are still their pipelines'. */
  lead(pipelines: readonly RunningPipeline[]): void
  /** Calls of the console's phone to one of these pipelines; absent where the transport has none. */
  readonly browser?: {
    offer(pipeline: RunningPipeline, from: string | undefined): Promise<BrowserOffer | CallRefusal>
    readonly receive: UpgradeHandler
  }
  /** As `TransportProvider.place`. Absent: it places none. */
  place?(call: OutboundCall): Promise<{ readonly id: string }>
  /** As `TransportProvider.placing`, with what stands for one that does not say. */
  readonly placing: Placing
  /** Never rejects. */
  close(): Promise<void>
}

export interface LineParts extends Pick<ServiceParts, 'clock' | 'log' | 'metrics'> {
  readonly port: Pick<CallsPort, 'ownPath'>
  readonly once: TransportHost['once']
  readonly outbound: OutboundLinks
  /** Keeps who does not get through. */
  readonly refused: RefusedCalls
}

/** Read anew, files leave calls behind that run by what they said before. */
const MOST_BEHIND = 20
const DEFAULT_PLACING: Placing = { account: '', perSecond: 1, ringMs: 60_000 }
/** The carrier may say it again; so long it is known. */
const OVER_KNOWN_MS = 3_600_000

/** Files with the same key share one line. */
export function lineKey({ stages, baseDir }: LoadedPipeline): string {
  const { package: name, plugin, params } = stages.transport
  return JSON.stringify([name, pluginNumber(plugin), params, baseDir])
}

/** Makes the transport of a pipeline and has it name its routes. Throws `KavError` where it cannot be made. */
export function openLine(pipeline: LoadedPipeline, parts: LineParts): Line {
  const { log, metrics, clock, port, once, outbound, refused } = parts
  let behind: readonly LoadedPipeline[] = [pipeline]
  const { name, provider } = createTransport(pipeline.stages.transport, {
    log: redactedLog(log.child({ plugin: pipeline.stages.transport.plugin.name }), {
      redactions: () => redactionsOf(behind),
      metrics: metrics.metrics,
      keepsNumbers: true,
    }),
    metrics: metrics.metrics,
    clock,
    baseDir: pipeline.baseDir,
  })
  const table = new RouteTable()
  const calls = createLineCalls({ transport: name, log, metrics: metrics.metrics, refused })

  const untilPassedOn =
    (handler: UpgradeHandler): UpgradeHandler =>
    (request, socket, head) => {
      if (calls.pipelines.some(({ admission }) => !admission.passesOn)) return handler(request, socket, head)
      metrics.metrics.count('http_upgrades_refused_total', 1, { reason: 'draining' })
      refuseUpgrade(socket, '503 Service Unavailable')
    }

  const browserOf = (browser: BrowserCalls): NonNullable<Line['browser']> => ({
    offer: (pipeline, from) =>
      browser.offer({ from, to: pipeline.loaded.config.numbers?.[0] }, (call, withinMs) =>
        calls.admitTo(pipeline, call, withinMs),
      ),
    receive: untilPassedOn((request, socket, head) => browser.receive(request, socket, head)),
  })

  provider.attach({
    route: (method, path, handler, options) => table.route(method, path, handler, options),
    upgrade: (path, handler) => table.upgrade(path, untilPassedOn(handler)),
    ownPath: port.ownPath,
    once,
    admit: calls.admit,
    admitPromised: calls.admitPromised,
    onCall: calls.onCall,
    onUnproven: calls.onUnproven,
    onPlacedOver: (call) => void placedOver(call),
  })

  /** The room first: it is what others wait for. */
  async function placedOver(call: UnreachedCall): Promise<void> {
    outbound.over(call.id)
    const { reason } = call
    if (reason === undefined || !(await once(`placed-over ${call.id}`, OVER_KNOWN_MS))) return
    const { pipelines } = calls
    const owner = pipelines.find(({ loaded }) => loaded.config.name === call.pipeline) ?? pipelines[0]
    owner?.unreached({ ...call, reason })
  }

  let closed: Promise<void> | undefined
  return {
    table,
    lead(pipelines) {
      // Those that were there have calls that run.
      behind = [...new Set([...behind.slice(-MOST_BEHIND), ...pipelines.map(({ loaded }) => loaded)])]
      calls.lead(pipelines)
    },
    ...(provider.browserCalls && { browser: browserOf(provider.browserCalls) }),
    ...(provider.place && { place: (call: OutboundCall) => provider.place!(call) }),
    placing: provider.placing ?? DEFAULT_PLACING,
    close: () => (closed ??= closeTold(provider, log)),
  }
}
