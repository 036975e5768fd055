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
import { liveContext, testParams, timeRecognition, timeSpeech } from '@kav/core/testing'
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
  const wav = await timeSpeech(tts, text, console.log)
  if (out !== undefined) await writeFile(out, wav)
  // A server of one's own has no regions.
  await timeRecognition({ ...stt, regions: stt.regions ?? ['base_url'] }, wav, 'session', console.log)
} catch (error) {
  console.log(`error    ${error.message}`)
}
await Promise.all([tts.close(), stt.close()])
