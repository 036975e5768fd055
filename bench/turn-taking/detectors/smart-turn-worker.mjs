// The network of `smart-turn.mjs`: a sound comes in, a probability goes back, and whoever waits for it is woken.
import { workerData } from 'node:worker_threads'
import { createLogMel, FRAMES, MELS } from '../../../packages/plugin-smart-turn/dist/features/log-mel.js'
import { loadSmartTurnModel } from '../../../packages/plugin-smart-turn/dist/model/smart-turn-model.js'

const { path, signal, port } = workerData
const logMel = createLogMel()
const features = new Float32Array(MELS * FRAMES)
const loading = loadSmartTurnModel(path, 1)

port.on('message', async (audio) => {
  const answer = await judge(audio).catch(({ message }) => ({ error: message }))
  port.postMessage(answer)
  Atomics.store(signal, 0, 1)
  Atomics.notify(signal, 0)
})

async function judge(audio) {
  const model = await loading
  logMel(audio, features)
  return { probability: await model(features) }
}
