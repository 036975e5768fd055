#!/usr/bin/env node
/**
 * Measures Azure speech recognition with a real key: for each region how long until the connection is open, until the
 * first partial and until the final.
 *
 *   AZURE_SPEECH_KEY=… node live.mjs caller.wav --language he-IL --region westeurope [--languages he-IL,en-US]
 *                      [--host ws://127.0.0.1:PORT]
 *
 * The file is one utterance; it is played at the pace of a phone call, with two seconds of silence behind it.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { MULAW_8K, createConverter, readWav } from '@kav/core'
import { testContext } from '@kav/core/testing'
import plugin from './dist/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    language: { type: 'string' },
    languages: { type: 'string' },
    region: { type: 'string' },
    host: { type: 'string' },
  },
})
const [file] = positionals
if (file === undefined || values.language === undefined) {
  console.error('usage: AZURE_SPEECH_KEY=… node live.mjs caller.wav --language he-IL [--region westeurope] …')
  process.exit(2)
}
const { languages, ...rest } = values
const params = {
  ...rest,
  key: process.env.AZURE_SPEECH_KEY ?? '',
  ...(languages && { languages: languages.split(',') }),
}
const line = (level) => (fields, message) => console.error(level, message, JSON.stringify(fields))
const log = { debug() {}, info: line('info'), warn: line('warn'), error: line('error'), child: () => log }

for (const { path, message } of plugin.check(params)) console.log(`warning  ${path.join('.')}: ${message}`)

const wav = readWav(await readFile(file))
const converter = createConverter(wav.format, MULAW_8K)
const speech = Buffer.concat([
  Buffer.from(converter.convert(wav.audio)),
  Buffer.from(converter.flush()),
  Buffer.alloc(16_000, 0xff),
])
const speechMs = speech.length / 8 - 2000

const provider = plugin.create(params, testContext({ log }))
for (const region of provider.regions) {
  try {
    await measure(region)
  } catch (error) {
    console.log(`error    ${error.message}`)
  }
}
await provider.close()

async function measure(region) {
  const openingMs = performance.now()
  const session = await provider.openSession({
    callId: 'live',
    format: MULAW_8K,
    region,
    hints: [],
    signal: new AbortController().signal,
  })
  const startMs = performance.now()
  console.log(`${region}: connection open after ${Math.round(startMs - openingMs)} ms`)
  const listening = (async () => {
    let partials = 0
    for await (const event of session.events) {
      const atMs = Math.round(performance.now() - startMs)
      if (event.type === 'partial' && event.text !== '' && (partials += 1) === 1) {
        console.log(`${region}: first partial ${atMs} ms after the first audio: "${event.text}"`)
      }
      if (event.type === 'final') {
        console.log(
          `${region}: final ${atMs - Math.round(speechMs)} ms after the file’s end: "${event.text}"`,
        )
      }
    }
  })()
  for (let at = 0; at < speech.length; at += 320) {
    const dueMs = startMs + at / 8
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
    session.write(speech.subarray(at, at + 320))
  }
  session.finish()
  await listening
  await session.close()
}
