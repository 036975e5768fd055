// What every scenario is played with: recorded voices, and the Silero detector on this thread.

import { createSileroProvider } from '../../packages/plugin-local/dist/vad/vad-provider.js'
import { loadRecordings } from './sound/recordings.mjs'
import { createVoice } from './sound/voice.mjs'

const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
const metrics = { count() {}, gauge() {}, observe() {} }
const clock = { nowMs: () => performance.now(), wallMs: () => Date.now(), after: () => () => {} }

/** `{ sounds: { callers, others }, source, vad }` */
export async function loadEquipment(options) {
  const { callers, others, source } = loadRecordings(options)
  const sounds = { callers: createVoice(callers), others: createVoice(others) }
  return { sounds, source, vad: await openVad() }
}

/** Its model is read before the first call, so that every window is rated at once. */
async function openVad() {
  const vad = createSileroProvider({
    sampleRateHz: 8000,
    threshold: 0.5,
    placement: 'inline',
    log,
    metrics,
    clock,
  })
  const stream = vad.openStream()
  await vad.rate([stream], new Int16Array(vad.windowSamples), new Float32Array(1))
  stream.close()
  return vad
}
