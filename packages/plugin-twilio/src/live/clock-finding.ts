import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'

/** Tokens of streams and time stamps of calls stand this much. */
const WARNING_MS = 30_000
const ERROR_MS = 300_000

/**
 * The clock of this machine against that of who answered. `date` is the `Date` header, whole seconds (RFC 9110
 * section 6.6.1); nothing where there is none to compare with.
 */
export function clockFindings(date: string | null, wallMs: number): readonly LiveFinding[] {
  const theirs = date === null ? Number.NaN : Date.parse(date)
  if (Number.isNaN(theirs)) return []
  const aheadMs = wallMs - theirs
  const offMs = Math.abs(aheadMs)
  const off = `${Math.round(offMs / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} Twilio's`
  if (offMs <= WARNING_MS) return [finding.ok('the clock of this machine agrees with Twilio’s')]
  const fix = 'Let NTP set the clock of this machine (chrony, systemd-timesyncd, or the clock of its host).'
  const message = `the clock of this machine is ${off}`
  return [offMs > ERROR_MS ? finding.error(message, fix) : finding.warning(message, fix)]
}
