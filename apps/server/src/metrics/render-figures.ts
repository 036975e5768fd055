import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import type { Registry } from 'prom-client'
import { withoutSecrets } from '../privacy/secrets.ts'
import { END_OF_FIGURES, type FigureFormat, figureText } from './open-metrics.ts'

/** So few that they are written within a millisecond or two. */
const FIGURES_A_TURN = 8

/** Every figure as text, a few in each turn of the event loop: calls have theirs in between. */
export async function renderFigures(
  registry: Registry,
  format: FigureFormat = 'prometheus',
): Promise<string> {
  const texts: string[] = []
  for (const [index, metric] of registry.getMetricsAsArray().entries()) {
    if (index % FIGURES_A_TURN === FIGURES_A_TURN - 1) await turnOfTheLoop()
    texts.push(withoutSecrets(await figureText(metric, format)))
  }
  return format === 'openmetrics' ? `${texts.join('\n')}\n${END_OF_FIGURES}` : `${texts.join('\n\n')}\n`
}
