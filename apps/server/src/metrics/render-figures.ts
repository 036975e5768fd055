import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import { withoutSecrets } from '../privacy/secrets.ts'

/** So few that they are written within a millisecond or two. */
const FIGURES_A_TURN = 8

/** Every figure as Prometheus text, a few in each turn of the event loop: calls have theirs in between. */
export async function renderFigures(registry: Registry): Promise<string> {
  const texts: string[] = []
  for (const [index, { name }] of registry.getMetricsAsArray().entries()) {
    if (index % FIGURES_A_TURN === FIGURES_A_TURN - 1) await turnOfTheLoop()
    texts.push(withoutSecrets(await registry.getSingleMetricAsString(name)))
  }
  return `${texts.join('\n\n')}\n`
}
