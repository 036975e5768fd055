// The model and the voice of the agent: both answer at once, so that only the rules take time.

import { createSampleEncoder } from '../../../packages/core/dist/host.js'
import { hashOf } from '../scenarios/draw.mjs'

const FORMAT = { encoding: 'mulaw', sampleRateHz: 8000 }
const AGENT_LEVEL_DB = -20
const CHUNK_BYTES = 1600

/** `answer()`: the text of the reply to what is asked now. */
export function createModel(answer) {
  return {
    preemptive: true,
    async *reply(_request, signal) {
      for (const text of answer().match(/\S+\s*/gu)) {
        if (signal.aborted) return
        yield { type: 'text', text }
      }
      yield { type: 'end', reason: 'stop' }
    },
    close: async () => {},
  }
}

/** Recorded voice without a pause, as long as the text; another one with another `seed`. */
export function createAgentVoice(voice, msPerCharacter, seed = 0) {
  return {
    produces: [FORMAT],
    async *speak({ text }, signal) {
      const samples = voice.stretch(text.length * msPerCharacter, hashOf(text) + seed, AGENT_LEVEL_DB)
      const speech = new Uint8Array(createSampleEncoder(FORMAT)(toInt16(samples)))
      for (let at = 0; at < speech.length && !signal.aborted; at += CHUNK_BYTES) {
        yield speech.slice(at, at + CHUNK_BYTES)
      }
    },
    close: async () => {},
  }
}

export function toInt16(samples) {
  const whole = new Int16Array(samples.length)
  for (let n = 0; n < samples.length; n++)
    whole[n] = Math.max(-32768, Math.min(32767, Math.round(samples[n])))
  return whole
}
