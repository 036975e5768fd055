/**
 * Stateful band-limited resampling: a polyphase FIR low-pass (windowed sinc, Kaiser window), so that nothing
 * above half the lower rate folds back and chunk borders leave no trace.
 *
 * The pass band ends at 85 % of the lower Nyquist frequency (3,400 Hz at 8 kHz), the stop band (-60 dB) begins
 * at Nyquist. Kaiser's estimate gives the taps: J. F. Kaiser, "Nonrecursive digital filter design using the
 * I0-sinh window function", ISCAS 1974.
 */
export interface Resampler {
  /** Converts a chunk of any length. The result is lent: valid until the next call. */
  process(samples: Int16Array): Int16Array
  /** The tail still in the filter, so that n input samples give round(n * toHz / fromHz) in all; then starts anew. */
  flush(): Int16Array
  /** Forgets everything (after an interruption). */
  reset(): void
}

const STOP_BAND_DB = 60
const PASS_BAND_SHARE = 0.85

export function createResampler(rates: { fromHz: number; toHz: number }): Resampler {
  const divisor = greatestCommonDivisor(rates.fromHz, rates.toHz)
  const up = rates.toHz / divisor
  const down = rates.fromHz / divisor
  const phases = phasesFor(rates.fromHz, rates.toHz, up)
  const taps = phases[0]!.length
  const lookahead = taps >> 1

  let history = new Float32Array(4096)
  let output = new Int16Array(1024)
  /** Samples in `history`; the first `lookahead` are silence before the first input. */
  let filled = lookahead
  /** Index in `history` of the oldest sample the next output needs, and its phase. */
  let cursor = 0
  let phase = 0
  let inputs = 0
  let outputs = 0

  function reset(): void {
    history.fill(0, 0, lookahead)
    filled = lookahead
    cursor = 0
    phase = 0
    inputs = 0
    outputs = 0
  }

  function append(samples: Int16Array): void {
    if (filled + samples.length > history.length) {
      history.copyWithin(0, cursor, filled)
      filled -= cursor
      cursor = 0
      if (filled + samples.length > history.length) {
        const larger = new Float32Array((filled + samples.length) * 2)
        larger.set(history.subarray(0, filled))
        history = larger
      }
    }
    for (let i = 0; i < samples.length; i++) history[filled + i] = samples[i]!
    filled += samples.length
  }

  function drain(limit: number): Int16Array {
    let produced = 0
    while (cursor + taps <= filled && produced < limit) {
      if (produced === output.length) {
        const larger = new Int16Array(output.length * 2)
        larger.set(output)
        output = larger
      }
      const filter = phases[phase]!
      let sum = 0
      for (let tap = 0; tap < taps; tap++) sum += filter[tap]! * history[cursor + tap]!
      output[produced++] = sum > 32767 ? 32767 : sum < -32768 ? -32768 : Math.round(sum)
      phase += down
      cursor += Math.floor(phase / up)
      phase %= up
    }
    outputs += produced
    return output.subarray(0, produced)
  }

  reset()
  return {
    process(samples) {
      inputs += samples.length
      append(samples)
      return drain(Infinity)
    },
    flush() {
      const missing = Math.round((inputs * up) / down) - outputs
      append(new Int16Array(taps))
      const tail = drain(Math.max(0, missing)).slice()
      reset()
      return tail
    },
    reset,
  }
}

const phaseTables = new Map<string, readonly Float32Array[]>()

/** The filter cut into `up` phases; built once for each pair of rates. */
function phasesFor(fromHz: number, toHz: number, up: number): readonly Float32Array[] {
  const key = `${fromHz}>${toHz}`
  const known = phaseTables.get(key)
  if (known) return known
  const nyquistHz = Math.min(fromHz, toHz) / 2
  const transition = ((1 - PASS_BAND_SHARE) * nyquistHz) / fromHz
  const taps = 2 * Math.ceil((STOP_BAND_DB - 8) / (2.285 * 2 * Math.PI * transition) / 2)
  const cutoff = ((1 + PASS_BAND_SHARE) * nyquistHz) / 2 / fromHz
  const beta = 0.1102 * (STOP_BAND_DB - 8.7)
  const phases = Array.from({ length: up }, (_, phase) => {
    const filter = new Float32Array(taps)
    let sum = 0
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - (taps >> 1) - phase / up
      const ratio = distance / (taps / 2)
      const window = Math.abs(ratio) > 1 ? 0 : besselI0(beta * Math.sqrt(1 - ratio * ratio)) / besselI0(beta)
      const sinc =
        distance === 0 ? 1 : Math.sin(2 * Math.PI * cutoff * distance) / (2 * Math.PI * cutoff * distance)
      filter[tap] = sinc * window
      sum += filter[tap]!
    }
    return filter.map((value) => value / sum)
  })
  phaseTables.set(key, phases)
  return phases
}

function besselI0(x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-10; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
