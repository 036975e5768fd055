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

export function createArrivalTiming(): ArrivalTiming {
  let times = new Float64Array(256)
  /** Audio before each frame, within its utterance. */
  let audioBefore = new Float64Array(256)
  const starts: number[] = []
  const perSecond: number[] = []
  let count = 0
  let audioMs = 0

  function utterances(): Utterance[] {
    return starts.map((from, index) => {
      const to = starts[index + 1] ?? count
      let steady = from
      while (steady + 1 < to && times[steady + 1]! - times[steady]! < BURST_GAP_MS) steady++
      // A server that sends everything at once has no steady part.
      return { from, steady: steady + 1 < to ? steady : to, to }
    })
  }

  function lateness(): Float64Array {
    const values = new Float64Array(count)
    let filled = 0
    for (const { steady, to } of utterances()) {
      let least = Infinity
      for (let k = steady; k < to; k++) least = Math.min(least, times[k]! - audioBefore[k]!)
      for (let k = steady; k < to; k++) values[filled++] = times[k]! - audioBefore[k]! - least
    }
    return values.subarray(0, filled)
  }

  function interArrivals(): Float64Array {
    const values = new Float64Array(count)
    let filled = 0
    for (const { from, to } of utterances()) {
      for (let k = from + 1; k < to; k++) values[filled++] = times[k]! - times[k - 1]!
    }
    return values.subarray(0, filled)
  }

  /** How far the steadiest line moved from the first to the last quarter of an utterance. */
  function lineShift({ steady, to }: Utterance): number {
    const quarter = (to - steady) >> 2
    const least = (from: number): number => {
      let value = Infinity
      for (let k = from; k < from + quarter; k++) value = Math.min(value, times[k]! - audioBefore[k]!)
      return value
    }
    return quarter < 2 ? 0 : least(to - quarter) - least(steady)
  }

  /** From the line, not from two single frames: one late frame at an edge would be worth more than the drift. */
  function rate(): number {
    let audio = 0
    let elapsed = 0
    for (const utterance of utterances()) {
      const { steady, to } = utterance
      if (to - steady < 2) continue
      const spanMs = audioBefore[to - 1]! - audioBefore[steady]!
      if (spanMs < MIN_RATE_MS) continue
      audio += spanMs
      elapsed += spanMs + lineShift(utterance) / QUARTERS_APART
    }
    return elapsed === 0 ? 0 : (audio / elapsed) * 50
  }

  function drift(): number {
    const longest = utterances().sort((a, b) => b.to - b.steady - (a.to - a.steady))[0]
    return longest ? lineShift(longest) : 0
  }

  return {
    add(nowMs, frameMs, newUtterance) {
      if (count === times.length) {
        times = grown(times)
        audioBefore = grown(audioBefore)
      }
      if (newUtterance || count === 0) {
        starts.push(count)
        audioMs = 0
      }
      times[count] = nowMs
      audioBefore[count] = audioMs
      audioMs += frameMs
      count++
      const second = Math.max(0, Math.floor(nowMs / 1000))
      while (perSecond.length <= second) perSecond.push(0)
      perSecond[second]!++
    },
    reset() {
      count = 0
      starts.length = 0
      perSecond.length = 0
    },
    summary: () => ({
      frames: count,
      framesPerSecond: [...perSecond],
      fps: rate(),
      interArrivalMs: distribution(interArrivals()),
      latenessMs: distribution(lateness()),
      driftMs: drift(),
    }),
    lateness,
    interArrivals,
  }
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2)
  larger.set(values)
  return larger
}
