// What the recogniser hears of the recorded callers, and what it costs. Run after a build:
//   node packages/plugin-local/bench/recogniser.mjs
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MULAW_8K, createConverter, readWav } from '@kav/core'
import { testContext } from '@kav/core/testing'
import { loadFliteEngine } from '../dist/flite/flite-engine.js'
import { localLlm } from '../dist/llm/index.js'
import { compileConversationModel } from '../dist/stt/conversation-model.js'
import { findPocketsphinx } from '../dist/stt/find-installation.js'
import { loadPocketsphinxLibrary } from '../dist/stt/pocketsphinx-library.js'
import { createRecognition } from '../dist/stt/recognition.js'
import { createUtteranceDecoder } from '../dist/stt/utterance-decoder.js'
import { createSileroModel } from '../dist/vad/silero-model.js'
import { loadSileroWeights } from '../dist/vad/silero-weights.js'

const RECORDED = {
  'tt-weasels': 'weasels have eaten our phone system',
  'something-terribly-wrong': 'something is terribly wrong',
  'number-not-answering': 'the number is not answering',
  'telephone-number': 'telephone number',
  'auth-thankyou': 'thank you',
  goodbye: 'goodbye',
  hello: 'hello',
  monday: 'monday',
  wednesday: 'wednesday',
  cancelled: 'cancelled',
}
const CHUNK_BYTES = 800
const root = new URL('../../../', import.meta.url).pathname
const installation = findPocketsphinx({})
if ('missing' in installation) throw new Error(installation.missing)

const context = testContext({ baseDir: join(root, 'pipelines') })
const script = { script: 'scripts/front-desk.yaml', match_threshold: 0.5, first_token_ms: 0, token_ms: 0 }
const hints = localLlm.create(script, context).hints
const flite = loadFliteEngine()
const library = loadPocketsphinxLibrary(installation.library)
const vad = createSileroModel(await loadSileroWeights(8000))
const dictionary = join(installation.modelDir, 'cmudict-en-us.dict')

const compileStart = performance.now()
const model = compileConversationModel(hints, dictionary, flite.phones)
const openStart = performance.now()
createUtteranceDecoder(library, installation, model).free()
const openEnd = performance.now()
console.log(`${hints.length} phrases, ${model.vocabulary} words`)
console.log(
  `compile ${(openStart - compileStart).toFixed(0)} ms, decoders ${(openEnd - openStart).toFixed(0)} ms`,
)

const settings = {
  endpointSilenceMs: 300,
  rejectBelow: -20,
  maxUtteranceMs: 20000,
  wantsPartials: true,
}
const chunksMs = []
let audioMs = 0
let finalMs = 0
let wrong = 0
let words = 0
const cpuBefore = process.cpuUsage()
for (const [name, said] of Object.entries(RECORDED)) {
  const wav = readWav(readFileSync(join(root, `packages/phone/audio/${name}.wav`)))
  const speech = createConverter(wav.format, MULAW_8K).convert(wav.audio).slice()
  const audio = Buffer.concat([Buffer.alloc(3200, 0xff), speech, Buffer.alloc(4800, 0xff)])
  const heard = []
  let margin
  // A fresh line for each: the hardest case, nothing is known of the voice yet.
  const decoder = createUtteranceDecoder(library, installation, model)
  const recognition = createRecognition(decoder, vad, settings, {
    event: (event) => event.type === 'final' && heard.push(event.text),
    rejected: (value) => (margin = value.toFixed(1)),
  })
  for (let at = 0; at < audio.length; at += CHUNK_BYTES) {
    const finalsBefore = heard.length
    const startMs = performance.now()
    recognition.write(audio.subarray(at, at + CHUNK_BYTES), 0)
    const tookMs = performance.now() - startMs
    if (heard.length > finalsBefore) finalMs = Math.max(finalMs, tookMs)
    else chunksMs.push(tookMs)
  }
  recognition.finish()
  recognition.free()
  audioMs += audio.length / 8
  const text = heard.join(' ')
  const errors = editDistance(said.split(' '), text.split(' ').filter(Boolean))
  wrong += errors
  words += said.split(' ').length
  console.log(`${errors === 0 ? 'ok   ' : 'WRONG'} ${said} -> ${text || `rejected (${margin})`}`)
}
const cpu = process.cpuUsage(cpuBefore)
chunksMs.sort((a, b) => a - b)
const quantile = (q) => chunksMs[Math.floor(q * (chunksMs.length - 1))].toFixed(1)
console.log(
  `word errors ${wrong}/${words}; CPU ${((cpu.user + cpu.system) / 1000 / audioMs).toFixed(3)} of real time`,
)
console.log(
  `100 ms chunk: p50 ${quantile(0.5)} p99 ${quantile(0.99)} ms; chunk with a final at most ${finalMs.toFixed(0)} ms`,
)

function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]
}
