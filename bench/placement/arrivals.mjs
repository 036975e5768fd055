const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
/** Calls of each hour beside those of the busiest, from midnight on. Assumed: an office's day. */
const DAY = [
  0.08, 0.05, 0.04, 0.04, 0.05, 0.08, 0.18, 0.35, 0.6, 0.85, 1, 0.98, 0.9, 0.92, 0.96, 0.95, 0.9, 0.8, 0.65,
  0.5, 0.4, 0.3, 0.2, 0.12,
]
/** Calls of a day, in hours as busy as the busiest. */
export const BUSY_HOURS_A_DAY = DAY.reduce((sum, share) => sum + share, 0)

/** Share of the busiest moment's calls at a time of the day, between the hours in a straight line. */
export function shareOfDay(ms) {
  const hour = (ms % DAY_MS) / HOUR_MS
  const from = DAY[Math.floor(hour)]
  const to = DAY[(Math.floor(hour) + 1) % DAY.length]
  return from + (to - from) * (hour % 1)
}

/**
 * Calls come by Poisson: `next(nowMs)` is when the next one comes. `peak` is calls a ms of the busiest moment, `shareAt`
 * their share at a time (1: all the time), `bursts` times of more: `{ everyMs, lengthMs, factor }`, at random.
 */
export function createArrivals({ peak, shareAt = () => 1, bursts, random }) {
  const most = peak * (bursts?.factor ?? 1)
  let burstMs = bursts === undefined ? Infinity : exponential(bursts.everyMs, random)

  function rateAt(ms) {
    if (bursts !== undefined && ms > burstMs + bursts.lengthMs) {
      burstMs += bursts.lengthMs + exponential(bursts.everyMs, random)
    }
    return peak * shareAt(ms) * (ms >= burstMs ? bursts.factor : 1)
  }

  return {
    next(nowMs) {
      // Thinning: of calls at the highest rate there is, those that this moment has.
      let ms = nowMs
      do ms += exponential(1 / most, random)
      while (random() * most >= rateAt(ms))
      return ms
    },
  }
}

export function exponential(mean, random) {
  return -mean * Math.log(1 - random())
}
