import { parentPort } from 'node:worker_threads'
import { createConverter, readWav, type AudioFormat } from '@kav/core'
import { loadFliteEngine } from '../flite/flite-engine.ts'
import { trimSilence } from './trim-silence.ts'
import type { SpeakReply, SpeakRequest } from './worker-messages.ts'

// Synthesis blocks for tens of milliseconds: never on the media thread.

const engine = loadFliteEngine()
// The first clause of a fresh engine takes four times as long: let it be one that nobody waits for.
engine.speak('Ready.', { voice: 'rms', speed: 1 })

parentPort?.on('message', (request: SpeakRequest) => {
  const startMs = performance.now()
  let reply: SpeakReply
  try {
    const audio = speak(request)
    reply = { job: request.job, audio, busyMs: performance.now() - startMs }
    parentPort?.postMessage(reply, [audio.buffer])
  } catch (thrown) {
    reply = { job: request.job, fault: thrown instanceof Error ? thrown.message : String(thrown) }
    parentPort?.postMessage(reply)
  }
})

function speak({ text, speech, format }: SpeakRequest): Uint8Array<ArrayBuffer> {
  const wav = readWav(engine.speak(text, speech))
  return convert(trimSilence(wav.audio, wav.format.sampleRateHz), wav.format, format)
}

function convert(audio: Uint8Array, from: AudioFormat, to: AudioFormat): Uint8Array<ArrayBuffer> {
  const converter = createConverter(from, to)
  // Both results are lent: the first would be overwritten by the second.
  const body = new Uint8Array(converter.convert(audio))
  const tail = converter.flush()
  const joined = new Uint8Array(body.length + tail.length)
  joined.set(body)
  joined.set(tail, body.length)
  return joined
}
