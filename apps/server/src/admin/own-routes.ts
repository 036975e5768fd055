import { sharedAnswer } from '../http/shared-answer.ts'
import type { HttpHost } from '../http-host.ts'
import { CONTENT_TYPES, type FigureFormat, formatFor } from '../metrics/open-metrics.ts'
import type { ProcessMetrics } from '../metrics.ts'
import { withoutSecrets } from '../privacy/secrets.ts'
import { OWN_PATHS, RELOAD_HEADER } from '../own-paths.ts'
import { systemClock } from '../system-clock.ts'
import { readinessDetail, readinessOf, type ServiceState } from './readiness.ts'

type Routes = Pick<HttpHost, 'route'>

/** Writing out all figures is work, and the port may be open to strangers. */
const FIGURES_EVERY_MS = 1000

/** For a balancer, on the port that strangers reach: whether, and in one word why not. No figures, no names. */
export function addBareHealth(http: Routes, state: ServiceState): void {
  addHealth(http)
  http.route('GET', OWN_PATHS.ready, async () => {
    const readiness = readinessOf(state)
    return json(statusOf(readiness.ready), readiness)
  })
}

/** For the operator: all that is known. */
export function addAdmin(http: Routes, state: ServiceState, metrics: ProcessMetrics): void {
  addHealth(http)
  http.route('GET', OWN_PATHS.ready, async () => {
    const detail = readinessDetail(state)
    return json(statusOf(detail.ready), detail)
  })
  http.route('GET', OWN_PATHS.live, async () => json(200, { status: 'ok' }))
  http.route('GET', OWN_PATHS.started, async () => json(statusOf(state.warm), { started: state.warm }))
  addFigures(http, OWN_PATHS.metrics, (format) => (state.figures ?? metrics).render(format))
  addFigures(http, OWN_PATHS.workers, (format) => state.figures?.renderEach(format) ?? metrics.render(format))
}

/** On the operator's own port alone: who calls, and what changes something. */
export function addOperator(http: Routes, state: ServiceState): void {
  http.route('GET', OWN_PATHS.calls, async () => json(200, { calls: state.directory?.list() ?? [] }))
  http.route('POST', OWN_PATHS.reload, async ({ headers }) => {
    if (headers[RELOAD_HEADER] !== 'reload')
      return { status: 403, body: `POST with the header ${RELOAD_HEADER}: reload\n` }
    if (state.reloader === undefined) return { status: 503, body: 'not ready yet\n' }
    const outcome = await state.reloader.reload('a command')
    return json(outcome.ok ? 200 : 422, outcome)
  })
}

/** In the format that suits who asks. */
function addFigures(http: Routes, path: string, render: (format: FigureFormat) => Promise<string>): void {
  const answers = {
    prometheus: sharedAnswer(systemClock, FIGURES_EVERY_MS, () => render('prometheus')),
    openmetrics: sharedAnswer(systemClock, FIGURES_EVERY_MS, () => render('openmetrics')),
  }
  http.route('GET', path, async ({ headers }) => {
    const format = formatFor(headers.accept)
    const type = CONTENT_TYPES[format]
    return { status: 200, headers: { 'content-type': type, vary: 'accept' }, body: await answers[format]() }
  })
}

function addHealth(http: Routes): void {
  http.route('GET', OWN_PATHS.health, async () => json(200, { status: 'ok' }))
}

function statusOf(good: boolean): 200 | 503 {
  return good ? 200 : 503
}

function json(status: number, value: object) {
  const body = withoutSecrets(JSON.stringify(value))
  return { status, headers: { 'content-type': 'application/json' }, body: `${body}\n` }
}
