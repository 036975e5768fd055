import type { BatchMemory } from './batch-memory.ts'
import { BLOCK_COLUMNS, createKernel, HEAD_FLOATS, type KernelKind } from './kernel.ts'
import {
  SILERO_HIDDEN as HIDDEN,
  type Layer,
  type SileroShape,
  type SileroWeights,
} from './silero-weights.ts'
import { sigmoid, tanh } from './tanh-table.ts'

/** What the network remembers of one call: hidden values, cell values, then the last samples of the window before. */
type SileroState = Float32Array

export interface SileroModel {
  readonly shape: SileroShape
  readonly kernel: KernelKind
  /**
   * Rates the first `count` windows of the batch and moves the state of each one's slot on. A window's result does
   * not depend on what else is in the batch.
   */
  rateBatch(batch: BatchMemory, count: number): void
}

const FRAMES = 4
/** Windows worked on at once: enough to read each weight rarely, few enough that activations stay in the cache. */
const MAX_ROWS = 16

/** Where one layer lies in the kernel's memory. */
interface PlacedLayer {
  readonly layer: Layer
  readonly weights: number
  readonly heads: number
}

/**
 * Silero VAD v6: four overlapping Fourier magnitudes, four convolutions over them, one LSTM cell, one output.
 * Every layer runs for all windows of the batch before the next one, so its weights are read once.
 */
export function createSileroModel(weights: SileroWeights, kernelKind?: KernelKind): SileroModel {
  const { shape } = weights
  const { windowSamples, contextSamples, transformSamples, bins } = shape
  const half = transformSamples / 2

  let floats = 0
  const reserve = (count: number): number => {
    const start = floats
    floats += count
    return start
  }
  const place = (layer: Layer): PlacedLayer => ({
    layer,
    weights: reserve(layer.blocks.length),
    heads: reserve(layer.heads.length),
  })
  const cosines = place(weights.cosines)
  const sines = place(weights.sines)
  const encoder = weights.encoder.map(place) as [PlacedLayer, PlacedLayer, PlacedLayer, PlacedLayer]
  const lstm = place(weights.lstm)
  const placed = [cosines, sines, ...encoder, lstm]
  const sums = reserve(MAX_ROWS * FRAMES * half)
  const differences = reserve(MAX_ROWS * FRAMES * half)
  const real = reserve(MAX_ROWS * FRAMES * half)
  const imaginary = reserve(MAX_ROWS * FRAMES * half)
  const magnitudes = reserve(MAX_ROWS * FRAMES * bins)
  const encoded0 = reserve(MAX_ROWS * FRAMES * 128)
  const encoded1 = reserve(MAX_ROWS * 2 * 64)
  const encoded2 = reserve(MAX_ROWS * 64)
  const lstmInput = reserve(MAX_ROWS * 2 * HIDDEN)
  const gates = reserve(MAX_ROWS * 4 * HIDDEN)

  const { memory, multiply, kind } = createKernel(floats, kernelKind)
  for (const { layer, weights: start, heads } of placed) {
    memory.set(layer.blocks, start)
    memory.set(layer.heads, heads)
  }
  const samples = new Float32Array(contextSamples + windowSamples + contextSamples)

  /** Columns of `layer` for `rows` rows, from the products `firstK` up to `firstK + depth`. Positions in floats. */
  function run(
    { layer, weights: start, heads }: PlacedLayer,
    [firstK, depth]: readonly [number, number],
    [x, xStride]: readonly [number, number],
    [y, yStride]: readonly [number, number],
    rows: number,
  ): void {
    for (let block = 0; block * BLOCK_COLUMNS < layer.columns; block++) {
      const head = heads + block * HEAD_FLOATS
      const w = start + (block * layer.depth + firstK) * BLOCK_COLUMNS
      const to = y + block * BLOCK_COLUMNS
      multiply(head * 4, w * 4, x * 4, xStride * 4, to * 4, yStride * 4, depth, rows)
    }
  }

  /** Lays out one window for the transform: samples added to, and subtracted from, their mirror image. */
  function foldWindow(row: number, state: SileroState, windows: Int16Array, windowStart: number): void {
    const end = contextSamples + windowSamples
    for (let n = 0; n < contextSamples; n++) samples[n] = state[2 * HIDDEN + n]!
    for (let n = 0; n < windowSamples; n++) samples[contextSamples + n] = windows[windowStart + n]! / 32768
    for (let n = 0; n < contextSamples; n++) samples[end + n] = samples[end - 2 - n]!
    for (let n = 0; n < contextSamples; n++) state[2 * HIDDEN + n] = samples[windowSamples + n]!

    for (let frame = 0; frame < FRAMES; frame++) {
      const start = frame * half
      const to = (row * FRAMES + frame) * half
      let highest = 0
      for (let k = 0; k < half - 1; k++) {
        const early = samples[start + 1 + k]!
        const late = samples[start + transformSamples - 1 - k]!
        memory[sums + to + k] = early + late
        memory[differences + to + k] = early - late
        highest += (early + late) * weights.highestBin[k]!
      }
      const middle = samples[start + half]!
      memory[sums + to + half - 1] = middle
      memory[differences + to + half - 1] = 0
      highest += middle * weights.highestBin[half - 1]!
      memory[magnitudes + (row * FRAMES + frame) * bins + bins - 1] = Math.abs(highest)
    }
  }

  function transform(rows: number): void {
    const frames = rows * FRAMES
    run(cosines, [0, half], [sums, half], [real, half], frames)
    run(sines, [0, half], [differences, half], [imaginary, half], frames)
    for (let frame = 0; frame < frames; frame++) {
      const from = frame * half
      const to = magnitudes + frame * bins
      for (let bin = 0; bin < half; bin++) {
        const re = memory[real + from + bin]!
        const im = memory[imaginary + from + bin]!
        memory[to + bin] = Math.sqrt(re * re + im * im)
      }
    }
  }

  /**
   * Convolutions of three frames. Frames lie side by side, so three of them are one row of three times the depth;
   * at the edges the taps that would meet padding are left out.
   */
  function encode(rows: number): void {
    const [first, second, third, fourth] = encoder
    const x0 = FRAMES * bins
    const y0 = FRAMES * 128
    run(first, [bins, 2 * bins], [magnitudes, x0], [encoded0, y0], rows)
    run(first, [0, 3 * bins], [magnitudes, x0], [encoded0 + 128, y0], rows)
    run(first, [0, 3 * bins], [magnitudes + bins, x0], [encoded0 + 256, y0], rows)
    run(first, [0, 2 * bins], [magnitudes + 2 * bins, x0], [encoded0 + 384, y0], rows)
    run(second, [128, 256], [encoded0, y0], [encoded1, 128], rows)
    run(second, [0, 384], [encoded0 + 128, y0], [encoded1 + 64, 128], rows)
    run(third, [0, 128], [encoded1, 128], [encoded2, 64], rows)
    run(fourth, [0, 64], [encoded2, 64], [lstmInput, 2 * HIDDEN], rows)
  }

  /** Turns one row of gates into the next state and the probability. */
  function decode(row: number, state: SileroState): number {
    const input = gates + row * 4 * HIDDEN
    const forget = input + HIDDEN
    const candidate = forget + HIDDEN
    const output = candidate + HIDDEN
    let sum = weights.decoderBias
    for (let n = 0; n < HIDDEN; n++) {
      const kept = sigmoid(memory[forget + n]!) * state[HIDDEN + n]!
      const cell = kept + sigmoid(memory[input + n]!) * tanh(memory[candidate + n]!)
      const hidden = sigmoid(memory[output + n]!) * tanh(cell)
      state[HIDDEN + n] = cell
      state[n] = hidden
      if (hidden > 0) sum += hidden * weights.decoder[n]!
    }
    return 1 / (1 + Math.exp(-sum))
  }

  return {
    shape,
    kernel: kind,
    rateBatch({ slots, states, windows, probabilities }, count) {
      for (let start = 0; start < count; start += MAX_ROWS) {
        const rows = Math.min(MAX_ROWS, count - start)
        for (let row = 0; row < rows; row++) {
          const state = states[slots[start + row]!]!
          foldWindow(row, state, windows, (start + row) * windowSamples)
          memory.set(state.subarray(0, HIDDEN), lstmInput + row * 2 * HIDDEN + HIDDEN)
        }
        transform(rows)
        encode(rows)
        run(lstm, [0, 2 * HIDDEN], [lstmInput, 2 * HIDDEN], [gates, 4 * HIDDEN], rows)
        for (let row = 0; row < rows; row++) {
          probabilities[start + row] = decode(row, states[slots[start + row]!]!)
        }
      }
    },
  }
}
