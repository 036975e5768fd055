#!/usr/bin/env node
/**
 * Measures Google speech recognition with real credentials: what the Locations API lists, and for each region how
 * long until the stream is open, until the first partial and until the final.
 *
 *   node live.mjs caller.wav --language he-IL --region eu [--fallback us] [--project P] [--credentials key.json]
 *                 [--model M] [--api v1] [--endpoint http://127.0.0.1:PORT]
 *
 * The file is one utterance; it is played at the pace of a phone call, with two seconds of silence behind it.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { MULAW_8K, createConverter, readWav } from '@kav/core'
import { testContext } from '@kav/core/testing'
import plugin, { liveCheck } from './dist/index.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(
    ['language', 'region', 'fallback', 'project', 'credentials', 'model', 'api', 'endpoint'].map((name) => [
      name,
      { type: 'string' },
    ]),
  ),
})
const [file] = positionals
if (file === undefined || values.language === undefined) {
  console.error('usage: node live.mjs caller.wav --language he-IL [--region eu] [--fallback us] …')
  process.exit(2)
}
const { fallback, ...rest } = values
const params = { ...rest, ...(fallback && { fallback_regions: fallback.split(',') }) }
const line = (level) => (fields, message) => console.error(level, message, JSON.stringify(fields))
const log = { debug() {}, info: line('info'), warn: line('warn'), error: line('error'), child: () => log }
const context = testContext({ log })

for (const { path, message } of plugin.check(params)) console.log(`warning  ${path.join('.')}: ${message}`)
for (const finding of await liveCheck(params, context))
  console.log(`${finding.level.padEnd(8)} ${finding.message}`)

const wav = readWav(await readFile(file))
const converter = createConverter(wav.format, MULAW_8K)
const speech = Buffer.concat([
  Buffer.from(converter.convert(wav.audio)),
  Buffer.from(converter.flush()),
  Buffer.alloc(16_000, 0xff),
])
const speechMs = speech.length / 8 - 2000

const provider = plugin.create(params, context)
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
  console.log(`${region}: stream open after ${Math.round(startMs - openingMs)} ms`)
  const listening = (async () => {
    let partials = 0
    for await (const event of session.events) {
      const atMs = Math.round(performance.now() - startMs)
      if (event.type === 'partial' && (partials += 1) === 1) {
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
