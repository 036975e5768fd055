import type { Clock } from '../../../contracts/clock.ts'
import type { DenoiseProvider } from '../../../contracts/denoise.ts'
import { messageOf } from '../../../contracts/errors.ts'
import type { Logger } from '../../../contracts/logger.ts'
import type { Metrics } from '../../../contracts/metrics.ts'
import { type BypassReason, type DenoiseLine, Line } from './denoise-line.ts'

/**
 * A noise filter as wrappers of recognisers and detectors use it: one that fails, hangs or falls behind is left for
 * good by the session that it failed, which is counted.
 */
export interface DenoiseStage {
  readonly delayMs: number
  takes(sampleRateHz: number): boolean
  /** A new caller's; `undefined`: they are heard without. Never throws. `call`: its id, where it is known. */
  open(sampleRateHz: number, call?: string): DenoiseLine | undefined
}

export interface DenoiseStageParts {
  readonly name: string
  readonly provider: DenoiseProvider
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
}

/**
 * Between two looks at what is under way. Looks are counted, not time: after a stall of this thread the answer that came
 * meanwhile is read before the next look.
 */
const LOOK_MS = 200
/** A piece that is there at the third look has taken 0.4 to 0.6 s. */
const LATE_LOOKS = 3
/** New callers do not each wait for one that hangs. */
const REST_MS = 30_000

export function createDenoiseStage({ name, provider, clock, metrics, log }: DenoiseStageParts): DenoiseStage {
  const underWay = new Set<Line>()
  let looking = false
  let restUntilMs = -Infinity

  function bypass(reason: BypassReason, call: string | undefined, thrown?: unknown): void {
    metrics.count('denoise_bypassed_total', 1, { plugin: name, reason })
    if (reason === 'late') restUntilMs = clock.nowMs() + REST_MS
    if (reason === 'resting') return
    const error = thrown === undefined ? {} : { error: messageOf(thrown) }
    log.warn({ ...(call !== undefined && { call }), plugin: name, reason, ...error }, 'DENOISE: passed by')
  }

  function look(): void {
    looking = false
    for (const line of underWay) if (++line.looks >= LATE_LOOKS) line.bypass('late')
    if (underWay.size > 0) lookLater()
  }

  function lookLater(): void {
    if (looking) return
    looking = true
    clock.after(LOOK_MS, look)
  }

  return {
    delayMs: provider.delayMs,
    takes: (sampleRateHz) => provider.sampleRatesHz.includes(sampleRateHz),
    open(sampleRateHz, call) {
      if (clock.nowMs() < restUntilMs) {
        bypass('resting', call)
        return undefined
      }
      try {
        return new Line(provider.openSession(sampleRateHz), {
          onBypass: (reason, thrown) => bypass(reason, call, thrown),
          onBegun(line) {
            underWay.add(line)
            lookLater()
          },
          onOver: (line) => underWay.delete(line),
        })
      } catch (thrown) {
        bypass('refused', call, thrown)
        return undefined
      }
    },
  }
}
