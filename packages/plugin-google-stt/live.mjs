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
import { liveContext, timeRecognition } from '@kav/core/testing'
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
const context = liveContext()

for (const { path, message } of plugin.check(params)) console.log(`warning  ${path.join('.')}: ${message}`)
for (const { level, message, fix } of await liveCheck(params, context))
  console.log(`${level.padEnd(8)} ${message}${fix === undefined ? '' : ` ${fix}`}`)

const provider = plugin.create(params, context)
await timeRecognition(provider, await readFile(file), 'stream', console.log)
await provider.close()
