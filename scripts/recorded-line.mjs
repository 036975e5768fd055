// Makes pipelines/lines/out-of-order-en.wav, the recorded line that comes with the pipelines, with the embedded voice:
// mu-law at 8 kHz, as the phone line has it. Run it again when the text changes; the result is committed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createConverter, MULAW_8K, readWav, writeWav } from '../packages/core/dist/index.js'
import { loadFliteEngine } from '../packages/plugin-local/dist/flite/flite-engine.js'
import { root } from './run.mjs'

const TEXT = 'We have a technical problem. Please call again later.'

const spoken = readWav(loadFliteEngine().speak(TEXT, { voice: 'slt', speed: 1 }))
const converter = createConverter(spoken.format, MULAW_8K)
// Both results are lent: the first would be overwritten by the second.
const audio = Buffer.concat([Buffer.from(converter.convert(spoken.audio)), converter.flush()])
mkdirSync(`${root}pipelines/lines`, { recursive: true })
writeFileSync(`${root}pipelines/lines/out-of-order-en.wav`, writeWav(MULAW_8K, 1, audio))
console.log(`pipelines/lines/out-of-order-en.wav: ${audio.length / 8} ms`)
