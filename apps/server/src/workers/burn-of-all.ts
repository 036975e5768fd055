import type { Figures } from '../metrics.ts'
import { burnRate } from '../slo/burn-book.ts'

interface Value {
  value: number
  readonly labels: Readonly<Record<string, string | number>>
}

/**
 * Makes the burn rates of several processes anew, of what they counted together: neither the greatest of them nor
 * their mean is that of all.
 */
export function burnOfAll(figures: Figures): void {
  const valuesOf = (name: string): readonly Value[] => {
    const found = figures.find((figure) => figure.name === name)
    // The declarations of prom-client leave the values out.
    return (found as unknown as { readonly values: readonly Value[] } | undefined)?.values ?? []
  }
  const keyOf = ({ labels }: Value, leftOut: readonly string[] = []): string =>
    JSON.stringify(
      Object.entries(labels)
        .filter(([label]) => !leftOut.includes(label))
        .sort(),
    )
  const byKey = (name: string) => new Map(valuesOf(name).map((one) => [keyOf(one), one.value]))
  const [events, bad] = [byKey('kav_slo_window_events'), byKey('kav_slo_window_bad')]
  const allowed = byKey('kav_slo_allowed')
  for (const rate of valuesOf('kav_slo_burn_rate')) {
    const key = keyOf(rate)
    rate.value = burnRate(events.get(key) ?? 0, bad.get(key) ?? 0, allowed.get(keyOf(rate, ['window'])) ?? 1)
  }
}
