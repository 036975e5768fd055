import type { Figures } from '../metrics.ts'

/** Which call a bucket's last value came from. */
interface Exemplar {
  readonly timestamp?: number
}

/** The declarations of prom-client leave the values out. */
interface Valued {
  readonly name: string
  readonly values: {
    metricName?: string
    labels: Readonly<Record<string, unknown>>
    exemplar?: Exemplar | null
  }[]
}

/** Puts into a sum, which has none, the newest exemplar that any of the processes has for the same bucket. */
export function addExemplars(sum: Figures, processes: readonly Figures[]): void {
  const newest = new Map<string, Exemplar>()
  for (const figure of processes.flat() as unknown as readonly Valued[]) {
    for (const value of figure.values) {
      const { exemplar } = value
      if (!exemplar) continue
      const key = keyOf(figure, value)
      if ((newest.get(key)?.timestamp ?? 0) <= (exemplar.timestamp ?? 0)) newest.set(key, exemplar)
    }
  }
  if (newest.size === 0) return
  for (const figure of sum as unknown as readonly Valued[]) {
    for (const value of figure.values) {
      const exemplar = newest.get(keyOf(figure, value))
      if (exemplar) value.exemplar = exemplar
    }
  }
}

function keyOf({ name }: Valued, { metricName = name, labels }: Valued['values'][number]): string {
  return JSON.stringify([metricName, Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))])
}
