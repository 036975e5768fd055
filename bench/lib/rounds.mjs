// Rounds, void rounds, medians.

/** Void rounds are repeated, but no more than this in one measurement. */
const MAX_REPEATS = 2

/**
 * Runs `round()` until `rounds` of them are good. A round returns `{ voidReason?, ... }`; one that fails is void too,
 * since a busy machine lets dials time out. When every round was void, what they measured is returned with
 * `judged: false`: shown, never used as a verdict.
 */
export async function runRounds(rounds, round) {
  const good = []
  const voided = []
  while (good.length < rounds && good.length + voided.length < rounds + MAX_REPEATS) {
    const result = await round().catch((error) => ({ voidReason: error.message, error }))
    if (result.voidReason === undefined) good.push(result)
    else voided.push(result)
  }
  const measured = voided.filter((result) => result.error === undefined)
  if (good.length + measured.length === 0) throw voided[0].error
  return {
    results: good.length > 0 ? good : measured,
    judged: good.length > 0,
    voids: voided.map((result) => result.voidReason),
  }
}

export function shuffled(items) {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted[sorted.length - 1] }
}

/** `1.18 [1.07..1.22]`. */
export function spreadText({ median, min, max }, digits) {
  return `${median.toFixed(digits)} [${min.toFixed(digits)}..${max.toFixed(digits)}]`
}
