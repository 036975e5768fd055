#!/usr/bin/env node
/**
 * Measures Azure speech synthesis with a real key: how long until the connection is open, until the first audio, and
 * until the first audio after an interruption.
 *
 *   AZURE_SPEECH_KEY=… node live.mjs "What to say." --voice he-IL-HilaNeural --region westeurope
 *                      [--style S] [--rate +5%] [--host ws://127.0.0.1:PORT] [--out speech.wav]
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { MULAW_8K, writeWav } from '@kav/core'
import { liveContext } from '@kav/core/testing'
import plugin from './dist/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(
    ['voice', 'region', 'style', 'rate', 'pitch', 'host', 'out'].map((name) => [name, { type: 'string' }]),
  ),
})
const [text] = positionals
if (text === undefined || values.voice === undefined) {
  console.error(
    'usage: AZURE_SPEECH_KEY=… node live.mjs "text" --voice he-IL-HilaNeural [--region westeurope] …',
  )
  process.exit(2)
}
const { out, ...rest } = values
const params = { ...rest, key: process.env.AZURE_SPEECH_KEY ?? '' }

for (const { path, message } of plugin.check(params)) console.log(`warning  ${path.join('.')}: ${message}`)

const provider = plugin.create(params, liveContext())
try {
  const startMs = performance.now()
  await provider.warm('live')
  console.log(`connections open after ${Math.round(performance.now() - startMs)} ms`)
  const audio = await say('the sentence')
  await interrupt()
  await say('the same after an interruption')
  if (out !== undefined) await writeFile(out, writeWav(MULAW_8K, 1, audio))
} catch (error) {
  console.log(`error    ${error.message}`)
}
await provider.close()

async function say(what) {
  const startMs = performance.now()
  const chunks = []
  for await (const chunk of provider.speak(request(), new AbortController().signal)) {
    if (chunks.length === 0) console.log(`${what}: first audio after ${since(startMs)} ms`)
    chunks.push(Buffer.from(chunk))
  }
  const audio = Buffer.concat(chunks)
  console.log(`${what}: ${Math.round(audio.length / 8)} ms of speech within ${since(startMs)} ms`)
  return audio
}

async function interrupt() {
  const abort = new AbortController()
  for await (const chunk of provider.speak(request(), abort.signal)) if (chunk.length > 0) abort.abort()
}

function request() {
  return { callId: 'live', text, format: MULAW_8K }
}

function since(startMs) {
  return Math.round(performance.now() - startMs)
}
