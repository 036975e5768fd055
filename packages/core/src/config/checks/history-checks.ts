import type { LoadedStage } from '../../plugins/index.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { isPeriod, periodMs } from '../schema/keep.ts'
import { DEFAULT_CURRENCY } from '../schema/prices.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

/** Prices in more than one currency have no sum. Takes a faulty value too. */
export function checkPrices(config: unknown, source: SourceNode): readonly Finding[] {
  const prices = Object.entries(mapOf(mapOf(config)?.['prices']) ?? {})
  const currencies = prices.map(([, price]) => mapOf(price)?.['currency'] ?? DEFAULT_CURRENCY)
  const [first] = currencies
  return prices.flatMap(([name], index): Finding[] => {
    const currency = currencies[index]
    if (typeof first !== 'string' || typeof currency !== 'string' || currency === first) return []
    const path = ['prices', name]
    const message = `${currency} and ${first} have no sum: give all prices in one currency`
    return isBroken(source, path) ? [] : [{ code: 'KAV_CONFIG_VALUE', path, at: 'value', message }]
  })
}

/** What a price may be named by. */
export function priceNames(
  { plugin, package: name, params }: LoadedStage,
  instance?: string,
): readonly string[] {
  const model = params['model']
  return [instance, model, plugin.name, name].filter((one) => typeof one === 'string')
}

/** Prices of nothing, and periods without effect. */
export function historyWarnings(config: unknown, stages: readonly LoadedStage[]): readonly Finding[] {
  const known = new Set(stages.flatMap((stage) => priceNames(stage)))
  const numbered = (name: string): string => name.replace(/(#\d+|:[A-Za-z0-9-]+)$/, '')
  const prices = Object.keys(mapOf(mapOf(config)?.['prices']) ?? {})
  const loose = prices.filter((name) => !known.has(name) && !known.has(numbered(name)))
  return [
    ...loose.map((name) =>
      doubt(
        ['prices', name],
        `no plugin or model of this file has this name; there are ${[...known].sort().join(', ')}`,
      ),
    ),
    ...keepDoubts(mapOf(mapOf(config)?.['keep']) ?? {}),
  ]
}

function keepDoubts(keep: Readonly<Record<string, unknown>>): readonly Finding[] {
  const { record } = keep
  if (!isPeriod(record)) return []
  return (['audio', 'transcript'] as const).flatMap((part) => {
    const kept = keep[part]
    if (!isPeriod(kept) || periodMs(kept) <= periodMs(record)) return []
    return [
      doubt(['keep', part], `${kept} has no effect: after ${record} (keep.record) the whole call is erased`),
    ]
  })
}

function doubt(path: Finding['path'], message: string): Finding {
  return { code: 'KAV_CONFIG_DOUBT', path, at: 'value', message }
}
