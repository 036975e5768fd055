/** An object with the same keys, and what `change` makes of each value. */
export function mapValues<Key extends string, Value, Changed>(
  values: Readonly<Partial<Record<Key, Value>>>,
  change: (value: Value) => Changed,
): Partial<Record<Key, Changed>> {
  const entries = Object.entries(values) as [Key, Value][]
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)])) as Partial<
    Record<Key, Changed>
  >
}
