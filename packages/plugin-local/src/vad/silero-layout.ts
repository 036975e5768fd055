import { createKernel, type Kernel, type KernelKind } from './kernel.ts'
import { SILERO_HIDDEN as HIDDEN, type Layer, type SileroWeights } from './silero-weights.ts'

/** Windows worked on at once: enough to read each weight rarely, few enough that activations stay in the cache. */
export const MAX_ROWS = 16
export const FRAMES = 4

/** Where one layer lies in the kernel's memory. */
export interface PlacedLayer {
  readonly layer: Layer
  readonly weights: number
  readonly heads: number
}

/** The network in the kernel's memory: its layers, and where what passes between them lies. Positions in floats. */
export interface SileroLayout extends Kernel {
  readonly cosines: PlacedLayer
  readonly sines: PlacedLayer
  readonly encoder: readonly [PlacedLayer, PlacedLayer, PlacedLayer, PlacedLayer]
  readonly lstm: PlacedLayer
  readonly at: Readonly<
    Record<
      | 'sums'
      | 'differences'
      | 'real'
      | 'imaginary'
      | 'magnitudes'
      | 'encoded0'
      | 'encoded1'
      | 'encoded2'
      | 'lstmInput'
      | 'gates',
      number
    >
  >
}

/** Lays the network out and copies its weights into place. */
export function layOutSilero(weights: SileroWeights, kernelKind?: KernelKind): SileroLayout {
  const { transformSamples, bins } = weights.shape
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
  const at = {
    sums: reserve(MAX_ROWS * FRAMES * half),
    differences: reserve(MAX_ROWS * FRAMES * half),
    real: reserve(MAX_ROWS * FRAMES * half),
    imaginary: reserve(MAX_ROWS * FRAMES * half),
    magnitudes: reserve(MAX_ROWS * FRAMES * bins),
    encoded0: reserve(MAX_ROWS * FRAMES * 128),
    encoded1: reserve(MAX_ROWS * 2 * 64),
    encoded2: reserve(MAX_ROWS * 64),
    lstmInput: reserve(MAX_ROWS * 2 * HIDDEN),
    gates: reserve(MAX_ROWS * 4 * HIDDEN),
  }
  const { memory, multiply, kind } = createKernel(floats, kernelKind)
  for (const { layer, weights: start, heads } of [cosines, sines, ...encoder, lstm]) {
    memory.set(layer.blocks, start)
    memory.set(layer.heads, heads)
  }
  return { memory, multiply, kind, cosines, sines, encoder, lstm, at }
}
