// Smart Turn as a detector for the bench: `node bench/turn-taking.mjs --turn bench/turn-taking/detectors/smart-turn.mjs`.
// The network runs in real time in a thread, for which the fake clock stands still; then its answer is withheld for as
// long as a judgement takes on the machine that the README of the plugin describes.

import { homedir } from 'node:os'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'

const MODEL = process.env.SMART_TURN_MODEL ?? `${homedir()}/.cache/kav/smart-turn/smart-turn-v3.2-cpu.onnx`
const LATENCY_MS = Number(process.env.SMART_TURN_LATENCY_MS ?? 280)
const THRESHOLD = Number(process.env.SMART_TURN_THRESHOLD ?? 0.5)

const signal = new Int32Array(new SharedArrayBuffer(4))
const { port1, port2 } = new MessageChannel()
const worker = new Worker(fileURLToPath(new URL('smart-turn-worker.mjs', import.meta.url)), {
  workerData: { path: MODEL, signal, port: port2 },
  transferList: [port2],
})
worker.unref()
port1.unref?.()

/** Waits in place: while the network works, no time passes on the fake clock. */
function ask(audio) {
  Atomics.store(signal, 0, 0)
  port1.postMessage(audio.slice())
  Atomics.wait(signal, 0, 0)
  const { message } = receiveMessageOnPort(port1)
  if (message.error) throw new Error(message.error)
  return message.probability
}

export default (clock) => ({
  sampleRateHz: 16_000,
  windowMs: 8000,
  threshold: THRESHOLD,
  async judge(questions, probabilities) {
    for (const [index, { audio }] of questions.entries()) probabilities[index] = ask(audio)
    await new Promise((resolve) => clock.after(LATENCY_MS * questions.length, resolve))
  },
  async close() {},
})
