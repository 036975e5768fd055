// One window of the callers' `measure`, read: whether it counts, and how it is shown.

/** Past these the machine was too busy to say anything about the server. */
const MAX_REFERENCE_LATE_MS = 5
const MAX_CALLER_LAG_MS = 3
/** Below this share of a core the callers disturb nobody, however little the server does. */
const LEAST_BUSY_SHARE = 0.25

/**
 * Why a window is void, or undefined. The callers do what an echo does, so against the bare echo alone they may be as
 * busy as the server (`baseline`).
 */
export function voidReason(window, { baseline = false } = {}) {
  const { callers, server, groups } = window
  const reference = groups.reference?.latenessMs.p99 ?? 0
  if (reference > MAX_REFERENCE_LATE_MS) return `reference pacer late by ${reference.toFixed(1)} ms at p99`
  const lagMs = Math.max(callers.sendLagMs.p99, callers.loopLagMs.p99)
  if (lagMs > MAX_CALLER_LAG_MS) return `callers late by ${lagMs.toFixed(1)} ms at p99`
  const busy = shareOf(callers, window)
  if (!baseline && busy > LEAST_BUSY_SHARE && callers.cpuMs > server?.cpuMs) {
    return `callers busier (${percent(busy)}) than the server (${percent(shareOf(server, window))})`
  }
  return undefined
}

/** Throws when the load was not what was asked for: then the figures mean nothing. */
export function checkLoad(window, calls) {
  const group = window.groups.calls
  if (group.calls !== calls || group.ended > 0) {
    throw new Error(`${group.calls} of ${calls} calls were up, and ${group.ended} ended in the window`)
  }
}

/** On-CPU ms of a call and second: all of it, and by user and system time. Throws where `/proc` cannot tell. */
export function cpuPerCall(window, calls) {
  if (window.server === undefined) throw new Error('CPU time is read from /proc: Linux only')
  const perCall = (ms) => ms / calls / (window.windowMs / 1000)
  const { cpuMs, userMs, systemMs } = window.server
  return { cpu: perCall(cpuMs), user: perCall(userMs), system: perCall(systemMs) }
}

/** Of one core. */
export const shareOf = (process, window) => (process?.cpuMs ?? NaN) / window.windowMs

const percent = (share) => `${(share * 100).toFixed(0)} %`

/** How busy the callers themselves were; stands in every row. */
export function callersOf(window) {
  const { callers } = window
  return { share: shareOf(callers, window), loopMs: callers.loopLagMs.p99, sendMs: callers.sendLagMs.p99 }
}

export const CALLERS_HEAD = 'callers: CPU, loop lag / send lag p99, ms'

/** The cell under `CALLERS_HEAD`, for one window or the worst of several. */
export function callersCell(...seen) {
  const worst = (key) => Math.max(...seen.map((callers) => callers[key]))
  return `${percent(worst('share'))}, ${worst('loopMs').toFixed(2)} / ${worst('sendMs').toFixed(2)}`
}
