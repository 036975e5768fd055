#!/usr/bin/env node
/**
 * Measures Google speech synthesis with real credentials: how long until the first audio of a sentence, as a whole
 * request and, where the voice takes it, as a stream.
 *
 *   node live.mjs "שלום, איך אפשר לעזור?" --language he-IL --voice he-IL-Chirp3-HD-Kore [--region eu]
 *                 [--credentials key.json] [--endpoint http://127.0.0.1:PORT] [--out spoken.wav]
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { MULAW_8K, writeWav } from '@kav/core'
import { liveContext } from '@kav/core/testing'
import plugin, { liveCheck } from './dist/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(
    ['language', 'voice', 'region', 'project', 'credentials', 'endpoint', 'out'].map((name) => [
      name,
      { type: 'string' },
    ]),
  ),
})
const [text] = positionals
if (text === undefined || values.language === undefined) {
  console.error('usage: node live.mjs "text" --language he-IL [--voice he-IL-Wavenet-A] …')
  process.exit(2)
}
const { out, ...params } = values
const context = liveContext()

for (const { path, message } of plugin.check(params)) console.log(`warning  ${path.join('.')}: ${message}`)
for (const { level, message, fix } of await liveCheck(params, context))
  console.log(`${level.padEnd(8)} ${message}${fix === undefined ? '' : ` ${fix}`}`)
for (const streaming of ['off', 'auto']) {
  const provider = plugin.create({ ...params, streaming }, context)
  if (streaming === 'off' || provider.speakReply !== undefined) {
    await provider.warm('live')
    for (let turn = 1; turn <= 3; turn += 1)
      await measure(provider, streaming === 'off' ? 'request' : 'stream', turn)
  }
  await provider.close()
}

async function measure(provider, how, turn) {
  const startMs = performance.now()
  const chunks = []
  let firstMs
  try {
    const request = { callId: 'live', text, format: MULAW_8K }
    for await (const chunk of provider.speak(request, new AbortController().signal)) {
      firstMs ??= performance.now() - startMs
      chunks.push(Buffer.from(chunk))
    }
  } catch (error) {
    console.log(`error    ${error.message}`)
    return
  }
  const audio = Buffer.concat(chunks)
  const wholeMs = Math.round(performance.now() - startMs)
  console.log(
    `${how} ${turn}: first audio after ${Math.round(firstMs)} ms, ${audio.length / 8} ms of speech after ${wholeMs} ms`,
  )
  if (out !== undefined) await writeFile(out, writeWav(MULAW_8K, 1, audio))
}
