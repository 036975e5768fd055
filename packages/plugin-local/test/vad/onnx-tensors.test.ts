import { ProviderError } from '@kav/core'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { readOnnxTensors } from '../../src/vad/onnx-tensors.ts'
import { packSileroWeights } from '../../src/vad/silero-weights.ts'

const require = createRequire(import.meta.url)
const modelFile = (version: string) =>
  readFileSync(require.resolve(`@ricky0123/vad-web/dist/silero_vad_${version}.onnx`))

describe('reading the model file', () => {
  it('finds the tensors of both sample rates inside the branches of the graph', () => {
    const tensors = readOnnxTensors(modelFile('v6'))
    expect(tensors.get('If_0_else_branch__Inline_0__stft.forward_basis_buffer')?.shape).toEqual([130, 1, 128])
    expect(tensors.get('If_0_then_branch__Inline_0__encoder.0.reparam_conv.weight')?.shape).toEqual([
      128, 129, 3,
    ])
    expect(tensors.get('If_0_else_branch__Inline_0__decoder.decoder.2.bias')?.values[0]).toBeCloseTo(
      -0.59008669,
      7,
    )
  })

  it('says that a file is not ONNX, whatever its bytes', () => {
    expect(() => readOnnxTensors(Buffer.from('<html>not found</html>'))).toThrow(ProviderError)
    const model = modelFile('v6')
    for (const length of [3, 1000, 100_000, model.length - 1]) {
      expect(() => readOnnxTensors(model.subarray(0, length))).toThrow('Not an ONNX file')
    }
  })

  it('refuses another network and names the tensor that differs', () => {
    expect(() => packSileroWeights(modelFile('legacy'), 8000)).toThrow(
      /Not the Silero VAD v6 model: tensor \S+ is \[missing\]/,
    )
  })
})
