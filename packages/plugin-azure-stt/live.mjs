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
import { liveContext, timeRecognition } from '@kav/core/testing'
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

for (const { path, message } of plugin.check(params)) console.log(`warning  ${path.join('.')}: ${message}`)

const provider = plugin.create(params, liveContext())
await timeRecognition(provider, await readFile(file), 'connection', console.log)
await provider.close()
