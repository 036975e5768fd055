/** Standard normal, by Box and Muller. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/**
 * Lengths of calls, ms: log-normal with mean `meanMs` and `sigma` of their logarithm, cut at `maxMs` (which lowers the
 * mean a little: `meanLengthMs`).
 */
export function createLengths({ meanMs, sigma, maxMs }) {
  const mu = Math.log(meanMs) - (sigma * sigma) / 2
  return (random) => Math.min(maxMs, Math.exp(mu + sigma * normal(random)))
}

/** What is left of a call that is met in mid-course: long ones are met more often. */
export function createRests({ meanMs, sigma, maxMs }) {
  const mu = Math.log(meanMs) + (sigma * sigma) / 2
  return (random) => Math.min(maxMs, Math.exp(mu + sigma * normal(random))) * random()
}
