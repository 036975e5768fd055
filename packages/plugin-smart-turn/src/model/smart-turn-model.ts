import { readRegularFile } from '@kav/core/kit'
import { FRAMES, MELS } from '../features/log-mel.ts'
import { MAX_MODEL_BYTES } from './model-file.ts'

/** Probability that the caller is done, by the features of their last 8 s. One at a time. */
export type SmartTurnModel = (features: Float32Array) => Promise<number>

/** Loads the network into ONNX Runtime's WebAssembly. Rejects when either cannot be read, or when it is another network. */
export async function loadSmartTurnModel(path: string, threads: number): Promise<SmartTurnModel> {
  const bytes = await readRegularFile(path, MAX_MODEL_BYTES)
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web')
  env.wasm.numThreads = threads
  env.logLevel = 'error'
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] })
  const [input, output] = [session.inputNames[0], session.outputNames[0]]
  if (input === undefined || output === undefined) throw new Error('the network has no input or no output')

  return async (features) => {
    // It takes batches, which are no quicker by the question and take 14 MB each.
    const results = await session.run({ [input]: new Tensor('float32', features, [1, MELS, FRAMES]) })
    const [probability] = results[output]!.data as Float32Array
    return probability!
  }
}
