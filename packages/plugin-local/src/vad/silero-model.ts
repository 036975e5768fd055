import type { BatchMemory } from './batch-memory.ts'
import { BLOCK_COLUMNS, HEAD_FLOATS, type KernelKind } from './kernel.ts'
import { FRAMES, MAX_ROWS, layOutSilero, type PlacedLayer, type SileroLayout } from './silero-layout.ts'
import { SILERO_HIDDEN as HIDDEN, type SileroShape, type SileroWeights } from './silero-weights.ts'
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

/** One network, and the window that is being laid out for it. */
interface Network extends SileroLayout {
  readonly weights: SileroWeights
  readonly samples: Float32Array
}

/**
 * Silero VAD v6: four overlapping Fourier magnitudes, four convolutions over them, one LSTM cell, one output.
 * Every layer runs for all windows of the batch before the next one, so its weights are read once.
 */
export function createSileroModel(weights: SileroWeights, kernelKind?: KernelKind): SileroModel {
  const { shape } = weights
  const { windowSamples, contextSamples } = shape
  const samples = new Float32Array(contextSamples + windowSamples + contextSamples)
  const network: Network = { ...layOutSilero(weights, kernelKind), weights, samples }
  const { memory, lstm } = network
  const { lstmInput, gates } = network.at
  return {
    shape,
    kernel: network.kind,
    rateBatch({ slots, states, windows, probabilities }, count) {
      for (let start = 0; start < count; start += MAX_ROWS) {
        const rows = Math.min(MAX_ROWS, count - start)
        for (let row = 0; row < rows; row++) {
          const state = states[slots[start + row]!]!
          foldWindow(network, row, state, windows, (start + row) * windowSamples)
          memory.set(state.subarray(0, HIDDEN), lstmInput + row * 2 * HIDDEN + HIDDEN)
        }
        transform(network, rows)
        encode(network, rows)
        run(network, lstm, [0, 2 * HIDDEN], [lstmInput, 2 * HIDDEN], [gates, 4 * HIDDEN], rows)
        for (let row = 0; row < rows; row++) {
          probabilities[start + row] = decode(network, row, states[slots[start + row]!]!)
        }
      }
    },
  }
}

/** Columns of `layer` for `rows` rows, from the products `firstK` up to `firstK + depth`. Positions in floats. */
function run(
  { multiply }: Network,
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
function foldWindow(
  { memory, at, weights, samples }: Network,
  row: number,
  state: SileroState,
  windows: Int16Array,
  windowStart: number,
): void {
  const { windowSamples, contextSamples, transformSamples, bins } = weights.shape
  const { sums, differences, magnitudes } = at
  const { highestBin } = weights
  const half = transformSamples / 2
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
      highest += (early + late) * highestBin[k]!
    }
    const middle = samples[start + half]!
    memory[sums + to + half - 1] = middle
    memory[differences + to + half - 1] = 0
    highest += middle * highestBin[half - 1]!
    memory[magnitudes + (row * FRAMES + frame) * bins + bins - 1] = Math.abs(highest)
  }
}

function transform(network: Network, rows: number): void {
  const { memory, cosines, sines, weights } = network
  const { sums, differences, real, imaginary, magnitudes } = network.at
  const { transformSamples, bins } = weights.shape
  const half = transformSamples / 2
  const frames = rows * FRAMES
  run(network, cosines, [0, half], [sums, half], [real, half], frames)
  run(network, sines, [0, half], [differences, half], [imaginary, half], frames)
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
function encode(network: Network, rows: number): void {
  const { bins } = network.weights.shape
  const { magnitudes, encoded0, encoded1, encoded2, lstmInput } = network.at
  const [first, second, third, fourth] = network.encoder
  const x0 = FRAMES * bins
  const y0 = FRAMES * 128
  run(network, first, [bins, 2 * bins], [magnitudes, x0], [encoded0, y0], rows)
  run(network, first, [0, 3 * bins], [magnitudes, x0], [encoded0 + 128, y0], rows)
  run(network, first, [0, 3 * bins], [magnitudes + bins, x0], [encoded0 + 256, y0], rows)
  run(network, first, [0, 2 * bins], [magnitudes + 2 * bins, x0], [encoded0 + 384, y0], rows)
  run(network, second, [128, 256], [encoded0, y0], [encoded1, 128], rows)
  run(network, second, [0, 384], [encoded0 + 128, y0], [encoded1 + 64, 128], rows)
  run(network, third, [0, 128], [encoded1, 128], [encoded2, 64], rows)
  run(network, fourth, [0, 64], [encoded2, 64], [lstmInput, 2 * HIDDEN], rows)
}

/** Turns one row of gates into the next state and the probability. */
function decode({ memory, at, weights }: Network, row: number, state: SileroState): number {
  const { decoder } = weights
  const input = at.gates + row * 4 * HIDDEN
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
    if (hidden > 0) sum += hidden * decoder[n]!
  }
  return 1 / (1 + Math.exp(-sum))
}
