import { distribution, type Distribution } from './percentiles.ts'

/** How evenly the server's audio arrived. */
export interface ArrivalSummary {
  readonly frames: number
  /** Frames that arrived in each second of the stream. */
  readonly framesPerSecond: readonly number[]
  /** Rate within utterances (50 is exact) by the drift of their line. 0 when none lasted a second. */
  readonly fps: number
  /** Time between frames of one utterance. */
  readonly interArrivalMs: Distribution
  /**
   * `L_k = t_k − a_k − min_j(t_j − a_j)` within each utterance, where `a_k` is the audio sent before frame k: how
   * much later than the steadiest line through the utterance a frame came. The frames a server sends at once to
   * fill its lead are left out.
   */
  readonly latenessMs: Distribution
  /** How far the line moved over the longest utterance: least `t − a` of its last quarter minus of its first. */
  readonly driftMs: number
}

export interface ArrivalTiming {
  /** Audio arrived; `newUtterance` when what came before had ended. No allocation but the growth of its arrays. */
  add(nowMs: number, audioMs: number, newUtterance: boolean): void
  /** Forgets everything, for a window after a warm-up. */
  reset(): void
  summary(): ArrivalSummary
  /** All lateness values, for statistics over many calls. */
  lateness(): Float64Array
  interArrivals(): Float64Array
}

/** Frames this close to the one before belong to the burst that fills the lead. */
const BURST_GAP_MS = 10

/** An utterance shorter than this says nothing about the rate. */
const MIN_RATE_MS = 900
/** The middles of the first and the last quarter are three quarters of the utterance apart. */
const QUARTERS_APART = 0.75

interface Utterance {
  readonly from: number
  /** First frame after the burst. */
  readonly steady: number
  readonly to: number
}

/** What arrived so far; only the first `count` of each are filled. */
interface Arrivals {
  times: Float64Array<ArrayBuffer>
  /** Audio before each frame, within its utterance. */
  audioBefore: Float64Array<ArrayBuffer>
  count: number
  /** The first frame of each utterance. */
  readonly starts: number[]
}

export function createArrivalTiming(): ArrivalTiming {
  const arrivals: Arrivals = {
    times: new Float64Array(256),
    audioBefore: new Float64Array(256),
    count: 0,
    starts: [],
  }
  const perSecond: number[] = []
  let audioMs = 0

  return {
    add(nowMs, frameMs, newUtterance) {
      const { count } = arrivals
      if (count === arrivals.times.length) {
        arrivals.times = grown(arrivals.times)
        arrivals.audioBefore = grown(arrivals.audioBefore)
      }
      if (newUtterance || count === 0) {
        arrivals.starts.push(count)
        audioMs = 0
      }
      arrivals.times[count] = nowMs
      arrivals.audioBefore[count] = audioMs
      audioMs += frameMs
      arrivals.count++
      const second = Math.max(0, Math.floor(nowMs / 1000))
      while (perSecond.length <= second) perSecond.push(0)
      perSecond[second]!++
    },
    reset() {
      arrivals.count = 0
      arrivals.starts.length = 0
      perSecond.length = 0
    },
    summary: () => ({
      frames: arrivals.count,
      framesPerSecond: [...perSecond],
      fps: rate(arrivals),
      interArrivalMs: distribution(interArrivals(arrivals)),
      latenessMs: distribution(lateness(arrivals)),
      driftMs: drift(arrivals),
    }),
    lateness: () => lateness(arrivals),
    interArrivals: () => interArrivals(arrivals),
  }
}

function utterances({ starts, count, times }: Arrivals): Utterance[] {
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? count
    let steady = from
    while (steady + 1 < to && times[steady + 1]! - times[steady]! < BURST_GAP_MS) steady++
    // A server that sends everything at once has no steady part.
    return { from, steady: steady + 1 < to ? steady : to, to }
  })
}

function lateness(arrivals: Arrivals): Float64Array {
  const { count, times, audioBefore } = arrivals
  const values = new Float64Array(count)
  let filled = 0
  for (const { steady, to } of utterances(arrivals)) {
    let least = Infinity
    for (let k = steady; k < to; k++) least = Math.min(least, times[k]! - audioBefore[k]!)
    for (let k = steady; k < to; k++) values[filled++] = times[k]! - audioBefore[k]! - least
  }
  return values.subarray(0, filled)
}

function interArrivals(arrivals: Arrivals): Float64Array {
  const { count, times } = arrivals
  const values = new Float64Array(count)
  let filled = 0
  for (const { from, to } of utterances(arrivals)) {
    for (let k = from + 1; k < to; k++) values[filled++] = times[k]! - times[k - 1]!
  }
  return values.subarray(0, filled)
}

/** How far the steadiest line moved from the first to the last quarter of an utterance. */
function lineShift({ times, audioBefore }: Arrivals, { steady, to }: Utterance): number {
  const quarter = (to - steady) >> 2
  const least = (from: number): number => {
    let value = Infinity
    for (let k = from; k < from + quarter; k++) value = Math.min(value, times[k]! - audioBefore[k]!)
    return value
  }
  return quarter < 2 ? 0 : least(to - quarter) - least(steady)
}

/** From the line, not from two single frames: one late frame at an edge would be worth more than the drift. */
function rate(arrivals: Arrivals): number {
  const { audioBefore } = arrivals
  let audio = 0
  let elapsed = 0
  for (const utterance of utterances(arrivals)) {
    const { steady, to } = utterance
    if (to - steady < 2) continue
    const spanMs = audioBefore[to - 1]! - audioBefore[steady]!
    if (spanMs < MIN_RATE_MS) continue
    audio += spanMs
    elapsed += spanMs + lineShift(arrivals, utterance) / QUARTERS_APART
  }
  return elapsed === 0 ? 0 : (audio / elapsed) * 50
}

function drift(arrivals: Arrivals): number {
  const longest = utterances(arrivals).sort((a, b) => b.to - b.steady - (a.to - a.steady))[0]
  return longest ? lineShift(arrivals, longest) : 0
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
