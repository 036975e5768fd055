import { parentPort, workerData } from 'node:worker_threads'
import { createLogMel, FRAMES, MELS, WINDOW_SAMPLES } from '../features/log-mel.ts'
import { loadSmartTurnModel, type SmartTurnModel } from '../model/smart-turn-model.ts'
import type { PackedSound } from './sound-memory.ts'

export interface TurnWorkerData {
  readonly path: string
  readonly threads: number
}

/** What the media thread sends: some callers' sound, in memory that is shared. */
export interface JobMessage extends PackedSound {
  /** Comes back with the answer. */
  readonly job: number
}

/** What comes back: `ready` or `unloadable` once, `done` per job. Anything thrown ends the worker. */
export type WorkerReply =
  | { readonly type: 'ready' }
  | { readonly type: 'unloadable'; readonly why: string }
  | { readonly type: 'done'; readonly job: number; readonly probabilities: Float32Array }

const port = parentPort
if (port !== null) {
  const { path, threads } = workerData as TurnWorkerData
  const reply = (message: WorkerReply) => port.postMessage(message)
  const model = await loadSmartTurnModel(path, threads).catch((thrown: unknown) => {
    reply({ type: 'unloadable', why: thrown instanceof Error ? thrown.message : String(thrown) })
  })
  if (model) {
    const judge = createJudge(model)
    // The first judgement takes four times as long as later ones, which no caller should wait for.
    await judge(new Int16Array(WINDOW_SAMPLES), [WINDOW_SAMPLES])
    let before = Promise.resolve()
    port.on('message', ({ job, samples, lengths }: JobMessage) => {
      before = before.then(async () =>
        reply({ type: 'done', job, probabilities: await judge(samples, lengths) }),
      )
    })
    reply({ type: 'ready' })
  }
}

function createJudge(model: SmartTurnModel) {
  const logMel = createLogMel()
  const features = new Float32Array(MELS * FRAMES)
  return async (samples: Int16Array, lengths: readonly number[]): Promise<Float32Array> => {
    const probabilities = new Float32Array(lengths.length)
    let from = 0
    for (const [index, length] of lengths.entries()) {
      logMel(samples.subarray(from, from + length), features)
      probabilities[index] = await model(features)
      from += length
    }
    return probabilities
  }
}
