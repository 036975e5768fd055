import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { ProviderError } from '@kav/core'
import { BLOCK_COLUMNS, HEAD_FLOATS } from './kernel.ts'
import { readOnnxTensors, type OnnxTensor } from './onnx-tensors.ts'

export type SileroSampleRateHz = 8000 | 16000

/** Values in each of the two halves of the network's memory of a call. */
export const SILERO_HIDDEN = 128

/** How the network cuts its input at one sample rate. All sizes are twice as large at 16 kHz. */
export interface SileroShape {
  readonly sampleRateHz: SileroSampleRateHz
  /** New samples per window, 32 ms. */
  readonly windowSamples: number
  /** Samples of the window before that are seen again, 4 ms; the end of the window is mirrored as far. */
  readonly contextSamples: number
  /** Length of the Fourier transform; four of them overlap by half in one window. */
  readonly transformSamples: number
  readonly bins: number
}

export function sileroShape(sampleRateHz: SileroSampleRateHz): SileroShape {
  const scale = sampleRateHz / 8000
  return {
    sampleRateHz,
    windowSamples: 256 * scale,
    contextSamples: 32 * scale,
    transformSamples: 128 * scale,
    bins: 64 * scale + 1,
  }
}

/** One matrix, cut into blocks of columns as the kernel reads them. */
export interface Layer {
  /** `[block][k][column]` */
  readonly blocks: Float32Array
  /** For each block the least value its outputs can take, four times, then its biases. */
  readonly heads: Float32Array
  readonly depth: number
  readonly columns: number
}

/** Silero's parameters for one sample rate, laid out for the kernel. */
export interface SileroWeights {
  readonly shape: SileroShape
  /** Cosine and sine rows over the half of the samples that remains when the window's symmetry is folded away. */
  readonly cosines: Layer
  readonly sines: Layer
  /** The cosine row of the highest bin, the odd one out of a power of two. */
  readonly highestBin: Float32Array
  readonly encoder: readonly [Layer, Layer, Layer, Layer]
  /** Gates in the order input, forget, cell, output over `[encoded, hidden]`. */
  readonly lstm: Layer
  readonly decoder: Float32Array
  readonly decoderBias: number
}

const MODEL_FILE = '@ricky0123/vad-web/dist/silero_vad_v6.onnx'

/** Reads Silero VAD v6 (MIT) from the npm package that carries it. */
export async function loadSileroWeights(sampleRateHz: SileroSampleRateHz): Promise<SileroWeights> {
  let file: Uint8Array
  try {
    file = await readFile(createRequire(import.meta.url).resolve(MODEL_FILE))
  } catch (cause) {
    throw new ProviderError(
      'bad-request',
      `Cannot read the Silero model ${MODEL_FILE}; run npm install again`,
      { cause },
    )
  }
  return packSileroWeights(file, sampleRateHz)
}

/** Picks the tensors of one sample rate out of the model file. Throws `bad-data` when it is another network. */
export function packSileroWeights(model: Uint8Array, sampleRateHz: SileroSampleRateHz): SileroWeights {
  const shape = sileroShape(sampleRateHz)
  const { transformSamples, bins } = shape
  const tensors = readOnnxTensors(model)
  // The graph asks "is the rate 16000?" and holds one network in each branch.
  const branch = sampleRateHz === 16000 ? 'If_0_then_branch__Inline_0__' : 'If_0_else_branch__Inline_0__'
  const tensor = (name: string, ...expected: number[]): Float32Array => {
    const found: OnnxTensor | undefined = tensors.get(branch + name)
    if (found === undefined || found.shape.join() !== expected.join()) {
      throw new ProviderError(
        'bad-data',
        `Not the Silero VAD v6 model: tensor ${name} is [${found?.shape.join(', ') ?? 'missing'}], not [${expected.join(', ')}]`,
      )
    }
    return found.values
  }
  const convolution = (
    index: number,
    columns: number,
    inputs: number,
    firstTap: number,
    taps: number,
  ): Layer => {
    const weight = tensor(`encoder.${index}.reparam_conv.weight`, columns, inputs, 3)
    const bias = tensor(`encoder.${index}.reparam_conv.bias`, columns)
    return packLayer(columns, taps * inputs, { bias, floor: 0 }, (column, k) => {
      return weight[(column * inputs + (k % inputs)) * 3 + firstTap + Math.floor(k / inputs)]!
    })
  }

  const basis = tensor('stft.forward_basis_buffer', 2 * bins, 1, transformSamples)
  assertSymmetric(basis, bins, transformSamples)
  const half = transformSamples / 2
  const fromInput = tensor('decoder.rnn.weight_ih', 512, 128)
  const fromHidden = tensor('decoder.rnn.weight_hh', 512, 128)
  const inputBias = tensor('decoder.rnn.bias_ih', 512)
  const hiddenBias = tensor('decoder.rnn.bias_hh', 512)
  return {
    shape,
    cosines: packLayer(half, half, { floor: -Infinity }, (bin, k) => basis[bin * transformSamples + k + 1]!),
    sines: packLayer(
      half,
      half,
      { floor: -Infinity },
      (bin, k) => basis[(bins + bin) * transformSamples + k + 1]!,
    ),
    highestBin: basis.slice((bins - 1) * transformSamples + 1, (bins - 1) * transformSamples + 1 + half),
    encoder: [
      convolution(0, 128, bins, 0, 3),
      convolution(1, 64, 128, 0, 3),
      // With two frames, then one, left in a window, the outer taps only ever meet padding.
      convolution(2, 64, 64, 1, 2),
      convolution(3, 128, 64, 1, 1),
    ],
    lstm: packLayer(
      512,
      256,
      { bias: inputBias.map((bias, gate) => bias + hiddenBias[gate]!), floor: -Infinity },
      (gate, k) => (k < 128 ? fromInput[gate * 128 + k]! : fromHidden[gate * 128 + k - 128]!),
    ),
    decoder: tensor('decoder.decoder.2.weight', 1, 128, 1),
    decoderBias: tensor('decoder.decoder.2.bias', 1)[0]!,
  }
}

function packLayer(
  columns: number,
  depth: number,
  { bias, floor }: { readonly bias?: Float32Array; readonly floor: number },
  weight: (column: number, k: number) => number,
): Layer {
  const blocks = new Float32Array(columns * depth)
  const heads = new Float32Array((columns / BLOCK_COLUMNS) * HEAD_FLOATS).fill(floor)
  for (let column = 0; column < columns; column++) {
    const block = Math.floor(column / BLOCK_COLUMNS)
    const inBlock = column % BLOCK_COLUMNS
    heads[block * HEAD_FLOATS + 4 + inBlock] = bias?.[column] ?? 0
    const start = block * depth * BLOCK_COLUMNS + inBlock
    for (let k = 0; k < depth; k++) blocks[start + k * BLOCK_COLUMNS] = weight(column, k)
  }
  return { blocks, heads, depth, columns }
}

/**
 * Folding the transform in half is exact only because its rows mirror (cosine) or negate (sine) around their middle
 * and do not see sample 0, and because the outermost sine rows are zero.
 */
function assertSymmetric(basis: Float32Array, bins: number, samples: number): void {
  for (let row = 0; row < 2 * bins; row++) {
    const sign = row < bins ? 1 : -1
    const isZeroRow = row === bins || row === 2 * bins - 1
    for (let n = 0; n < samples; n++) {
      const value = basis[row * samples + n]!
      const expected = n === 0 || isZeroRow ? 0 : sign * basis[row * samples + samples - n]!
      if (Math.abs(value - expected) > 1e-6) {
        throw new ProviderError(
          'bad-data',
          `Not the Silero VAD v6 model: transform row ${row} is not symmetric`,
        )
      }
    }
  }
}
