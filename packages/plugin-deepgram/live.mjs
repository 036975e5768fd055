#!/usr/bin/env node
/**
 * Measures Deepgram with a real key: how long until the first audio of a sentence, as one request and as a reply on a
 * socket; then how long after that speech its words are final.
 *
 *   DEEPGRAM_API_KEY=… node live.mjs "What to say." --voice aura-2-thalia-en --model nova-3 --language en-US
 *                       [--region eu] [--base_url http://127.0.0.1:PORT] [--out speech.wav]
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { MULAW_8K, writeWav } from '@kav/core'
import { liveContext, testParams, timeRecognition } from '@kav/core/testing'
import { deepgramStt, deepgramTts } from './dist/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(
    ['voice', 'model', 'language', 'region', 'base_url', 'out'].map((name) => [name, { type: 'string' }]),
  ),
})
const [text] = positionals
if (text === undefined) {
  console.error(
    'usage: DEEPGRAM_API_KEY=… node live.mjs "text" [--voice aura-2-thalia-en] [--model nova-3] …',
  )
  process.exit(2)
}
const { voice, model, language, out, ...shared } = values
const connection = { ...shared, api_key: process.env.DEEPGRAM_API_KEY ?? 'none' }
const context = liveContext()
const ttsParams = testParams(deepgramTts.params, { ...connection, ...(voice && { voice }) })
const sttParams = testParams(deepgramStt.params, {
  ...connection,
  ...(model && { model }),
  ...(language && { language }),
})

for (const findings of [deepgramTts.liveCheck(ttsParams, context), deepgramStt.liveCheck(sttParams, context)])
  for (const { level, message, fix } of await findings)
    console.log(`${level.padEnd(8)} ${message}${fix === undefined ? '' : ` ${fix}`}`)

const tts = deepgramTts.create(ttsParams, context)
const stt = deepgramStt.create(sttParams, context)
try {
  await tts.warm('live')
  let speech
  for (let turn = 1; turn <= 3; turn += 1) {
    speech = await measure(`request ${turn}`, tts.speak(asked(text), never()))
    await measure(`reply ${turn}`, tts.speakReply(clauses(), asked(''), never()))
  }
  const wav = writeWav(MULAW_8K, 1, speech)
  if (out !== undefined) await writeFile(out, wav)
  // A server of one's own has no regions.
  await timeRecognition({ ...stt, regions: stt.regions ?? ['base_url'] }, wav, 'session', console.log)
} catch (error) {
  console.log(`error    ${error.message}`)
}
await Promise.all([tts.close(), stt.close()])

async function measure(what, audio) {
  const startMs = performance.now()
  const chunks = []
  for await (const chunk of audio) {
    if (chunks.length === 0) console.log(`${what}: first audio after ${since(startMs)} ms`)
    chunks.push(Buffer.from(chunk))
  }
  const whole = Buffer.concat(chunks)
  console.log(`${what}: ${Math.round(whole.length / 8)} ms of speech after ${since(startMs)} ms`)
  return whole
}

async function* clauses() {
  yield text
}

function asked(words) {
  return { callId: 'live', text: words, format: MULAW_8K }
}

function never() {
  return new AbortController().signal
}

function since(startMs) {
  return Math.round(performance.now() - startMs)
}
