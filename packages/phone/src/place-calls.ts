import type { CallResult } from './call-result.ts'
import type { Clip } from './clip.ts'
import { createPacer } from './pacer.ts'
import { distribution, type Distribution } from './percentiles.ts'
import type { PhoneCall } from './phone-call.ts'
import { placeCall, type PlaceCallOptions } from './place-call.ts'
import { systemClock } from './system-clock.ts'

export interface PlaceCallsOptions extends Omit<PlaceCallOptions, 'callSid'> {
  /** Time between all calls being up and the window. Default 1500. */
  readonly warmUpMs?: number
  /** The window that is measured. */
  readonly measureMs: number
  /** What every caller says over and over. Default: silence. */
  readonly clip?: Clip
  /** Dials under way at the same time. Default 20. */
  readonly dialsAtOnce?: number
  /** Called at both edges of the window, for instance to read the server's CPU time. */
  readonly onWindowStart?: (calls: readonly PhoneCall[]) => void | Promise<void>
  readonly onWindowEnd?: (calls: readonly PhoneCall[]) => void | Promise<void>
}

/** Statistics over all calls, of the window only unless said otherwise. */
export interface LoadResult {
  readonly placed: number
  /** Each different fault that kept calls from being placed, and how often. */
  readonly failures: Readonly<Record<string, number>>
  /** Calls that ended before the window did. */
  readonly endedEarly: number
  readonly windowMs: number
  readonly framesSent: number
  readonly framesReceived: number
  /** One value per call. */
  readonly fps: Distribution
  readonly fpsMin: number
  readonly driftMs: Distribution
  /** All frames of all calls. */
  readonly latenessMs: Distribution
  readonly interArrivalMs: Distribution
  /** How late the generator's own ticks were, warm-up included: past 3 ms at p99 the run says little. */
  readonly sendLagMs: Distribution
  /** Whole call. */
  readonly underruns: { readonly count: number; readonly totalMs: number; readonly calls: number }
  readonly violations: Readonly<Record<string, number>>
  /** Whole calls, without their timelines. */
  readonly calls: readonly Omit<CallResult, 'timeline'>[]
}

/** Places `count` calls that share one pacer, lets them run, measures a window, hangs them all up. */
export async function placeCalls(count: number, options: PlaceCallsOptions): Promise<LoadResult> {
  const pacer = options.pacer ?? createPacer(systemClock)
  const failures: Record<string, number> = {}
  const calls: PhoneCall[] = []
  let dialled = 0
  async function dialSome(): Promise<void> {
    while (dialled++ < count) {
      try {
        const call = await placeCall({ record: false, ...options, pacer })
        call.loop(options.clip)
        calls.push(call)
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown)
        failures[message] = (failures[message] ?? 0) + 1
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, options.dialsAtOnce ?? 20) }, dialSome))
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void pacer.clock.after(ms, resolve))
  await wait(options.warmUpMs ?? 1500)
  for (const call of calls) call.timing.reset()
  const sentBefore = total(calls, (call) => call.sentFrames)
  await options.onWindowStart?.(calls)
  const startMs = pacer.clock.nowMs()
  await wait(options.measureMs)
  const windowMs = pacer.clock.nowMs() - startMs
  const framesSent = total(calls, (call) => call.sentFrames) - sentBefore
  const endedEarly = calls.filter((call) => call.ended).length
  const timings = calls.map((call) => call.timing.summary())
  const lateness = joined(calls.map((call) => call.timing.lateness()))
  const interArrivals = joined(calls.map((call) => call.timing.interArrivals()))
  await options.onWindowEnd?.(calls)
  for (const call of calls) call.hangUp()
  const results = await Promise.all(calls.map((call) => call.finished))
  const fps = timings.map((timing) => timing.fps)
  return {
    placed: calls.length,
    failures,
    endedEarly,
    windowMs,
    framesSent,
    framesReceived: total(timings, (timing) => timing.frames),
    fps: distribution(fps),
    fpsMin: fps.length > 0 ? Math.min(...fps) : 0,
    driftMs: distribution(timings.map((timing) => timing.driftMs)),
    latenessMs: distribution(lateness),
    interArrivalMs: distribution(interArrivals),
    sendLagMs: pacer.lagMs(),
    underruns: {
      count: total(results, ({ playout }) => playout.underruns.count),
      totalMs: total(results, ({ playout }) => playout.underruns.totalMs),
      calls: results.filter(({ playout }) => playout.underruns.count > 0).length,
    },
    violations: countViolations(results),
    calls: results.map(({ timeline: _timeline, ...rest }) => rest),
  }
}

function total<T>(list: readonly T[], value: (item: T) => number): number {
  return list.reduce((sum, item) => sum + value(item), 0)
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(total(parts, (part) => part.length))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function countViolations(results: readonly CallResult[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { violations } of results) {
    for (const { text, count } of violations) counts[text] = (counts[text] ?? 0) + count
  }
  return counts
}
