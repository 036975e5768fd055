// Providers that cost next to nothing, so that a measurement is of the core and the transport: loaded from the
// pipeline files in pipelines/, as an operator's own plugin would be.

import { Type } from '@sinclair/typebox'
import { definePlugin, MULAW_8K } from '@kav/core'
import { createFrameCheck } from './lib/frame-numbers.mjs'
import { wait } from './lib/wait.mjs'

/** Every recognition that was opened, for the server to tell. */
export const sttSessions = []

/** Of the golden ratio: its multiples, modulo one, fill the time between two words evenly, however many calls there are. */
const GOLDEN = 0.618034
const CHUNK_BYTES = 1600
const BYTES_PER_MS = 8

const stt = definePlugin({
  kind: 'stt',
  name: 'bench-stt',
  description: 'Counts bytes; says one word when told to',
  params: Type.Object(
    {
      partials_every_ms: Type.Integer({
        description: 'Audio between two partials, before and after its word; 0: none.',
        default: 0,
      }),
      says_every_ms: Type.Integer({
        description:
          'Audio between its first word and every further one, which begin spread over as much; 0: none.',
        default: 0,
      }),
      says_after_ms: Type.Integer({
        description: 'Audio until it says its word, at least; 0: never.',
        default: 0,
      }),
      opens_after_ms: Type.Array(Type.Integer(), {
        description: 'How late a session opens, one entry a call in turn.',
        default: [0],
      }),
      keeps_order: Type.Boolean({ description: 'Checks the numbers in the frames.', default: false }),
    },
    { additionalProperties: false },
  ),
  create(params, { clock }) {
    let asked = 0
    return {
      accepts: [MULAW_8K],
      async openSession({ signal }) {
        const lateMs = params.opens_after_ms[asked % params.opens_after_ms.length]
        // Callers do not speak in step.
        const saysAfterMs = params.says_after_ms + ((asked++ * GOLDEN) % 1) * params.says_every_ms
        await wait(clock, lateMs, signal)
        return openFakeSession({ ...params, says_after_ms: Math.round(saysAfterMs) }, clock, lateMs)
      },
      close: async () => undefined,
    }
  },
})

function openFakeSession(params, clock, lateMs) {
  const check = params.keeps_order ? createFrameCheck() : undefined
  const facts = { lateMs, readyMs: clock.nowMs(), writes: 0, bytes: 0, check }
  sttSessions.push(facts)
  const everyBytes = params.says_every_ms > 0 ? params.says_every_ms * BYTES_PER_MS : Infinity
  let saysAt = params.says_after_ms > 0 ? params.says_after_ms * BYTES_PER_MS : Infinity
  const partialBytes = params.partials_every_ms > 0 ? params.partials_every_ms * BYTES_PER_MS : Infinity
  let nextPartialAt = partialBytes
  let words = 0
  let finished = false
  let wake = () => undefined
  const due = []
  async function* events() {
    for (;;) {
      while (due.length > 0) yield due.shift()
      if (finished) return
      await new Promise((resolve) => (wake = resolve))
    }
  }
  function tell(event) {
    due.push(event)
    wake()
  }
  const finish = () => {
    finished = true
    wake()
  }
  return {
    write(audio) {
      facts.writes++
      facts.bytes += audio.length
      check?.write(audio, clock.nowMs())
      if (facts.bytes >= nextPartialAt) {
        nextPartialAt += partialBytes
        // Every fourth word is closed, as a recogniser does: what is never closed is kept, to be heard again.
        tell({ type: ++words % 4 === 0 ? 'final' : 'partial', text: 'hel' })
      }
      if (facts.bytes < saysAt) return
      saysAt += everyBytes
      tell({ type: 'final', text: 'hello' })
    },
    finish,
    events: events(),
    close: async () => finish(),
  }
}

const llm = definePlugin({
  kind: 'llm',
  name: 'bench-llm',
  description: 'Writes sentences',
  params: Type.Object(
    {
      sentence_ms: Type.Integer({ description: 'Time between sentences.', default: 4000 }),
      sentences: Type.Integer({ description: 'Of one answer; 0: as long as the call lasts.', default: 0 }),
    },
    { additionalProperties: false },
  ),
  create: (params, { clock }) => ({
    async *reply(_request, signal) {
      for (let sentence = 1; !signal.aborted; sentence++) {
        if (params.sentences > 0 && sentence > params.sentences) return yield { type: 'end' }
        yield { type: 'text', text: `This is sentence number ${sentence} of a long story. ` }
        // Two ahead of the voice.
        if (sentence > 2) await wait(clock, params.sentence_ms, signal).catch(() => undefined)
      }
    },
    close: async () => undefined,
  }),
})

const tts = definePlugin({
  kind: 'tts',
  name: 'bench-tts',
  description: 'Speaks every clause for the same time, as fast as it is taken',
  params: Type.Object(
    { clause_ms: Type.Integer({ description: 'Length of a clause.', default: 500 }) },
    { additionalProperties: false },
  ),
  create(params) {
    const chunk = Buffer.from(Array.from({ length: CHUNK_BYTES }, (_, n) => 0x10 + (n % 97)))
    const greetingMs = 500
    return {
      produces: [MULAW_8K],
      async *speak({ text }, signal) {
        const lengthMs = text.includes('sentence') ? params.clause_ms : greetingMs
        for (let bytes = lengthMs * BYTES_PER_MS; bytes > 0 && !signal.aborted; bytes -= CHUNK_BYTES) {
          yield bytes < CHUNK_BYTES ? chunk.subarray(0, bytes) : chunk
        }
      },
      close: async () => undefined,
    }
  },
})

const vad = definePlugin({
  kind: 'vad',
  name: 'bench-vad',
  description: 'Hears no voice',
  params: Type.Object({}, { additionalProperties: false }),
  create: () => ({
    sampleRateHz: 8000,
    windowSamples: 256,
    threshold: 0.5,
    openStream: () => ({ close: () => undefined }),
    rate: (streams, _windows, probabilities) => void probabilities.fill(0.01, 0, streams.length),
    close: async () => undefined,
  }),
})

export default [stt, llm, tts, vad]
