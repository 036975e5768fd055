#!/usr/bin/env node
/**
 * Measures ElevenLabs with a real key: how long until the first audio of a sentence, as one request and as a reply on a
 * socket; then how long after that speech its words are final.
 *
 *   ELEVENLABS_API_KEY=… node live.mjs "What to say." --voice VOICE_ID --model eleven_flash_v2_5 --language en-US
 *                       [--region eu] [--base_url http://127.0.0.1:PORT] [--out speech.wav]
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { liveContext, testParams, timeRecognition, timeSpeech } from '@kav/core/testing'
import { elevenlabsStt, elevenlabsTts } from './dist/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(
    ['voice', 'model', 'language', 'region', 'base_url', 'out'].map((name) => [name, { type: 'string' }]),
  ),
})
const [text] = positionals
if (text === undefined || values.voice === undefined) {
  console.error('usage: ELEVENLABS_API_KEY=… node live.mjs "text" --voice VOICE_ID …')
  process.exit(2)
}
const { voice, model, language, out, ...shared } = values
const connection = { ...shared, api_key: process.env.ELEVENLABS_API_KEY ?? 'none' }
const context = liveContext()
const ttsParams = testParams(elevenlabsTts.params, { ...connection, voice, ...(model && { model }) })
const sttParams = testParams(elevenlabsStt.params, { ...connection, ...(language && { language }) })

for (const findings of [
  elevenlabsTts.liveCheck(ttsParams, context),
  elevenlabsStt.liveCheck(sttParams, context),
])
  for (const { level, message, fix } of await findings)
    console.log(`${level.padEnd(8)} ${message}${fix === undefined ? '' : ` ${fix}`}`)

const tts = elevenlabsTts.create(ttsParams, context)
const stt = elevenlabsStt.create(sttParams, context)
try {
  const wav = await timeSpeech(tts, text, console.log)
  if (out !== undefined) await writeFile(out, wav)
  // It has one nameless region.
  await timeRecognition({ ...stt, regions: ['elevenlabs'] }, wav, 'session', console.log)
} catch (error) {
  console.log(`error    ${error.message}`)
}
await Promise.all([tts.close(), stt.close()])
