#!/usr/bin/env node
/**
 * Measures a real server, for someone with a key: first token, first audio, first partial and final, and the answer
 * of a speech-to-speech session. Prints milliseconds; exits 1 when a part failed. A round costs about a US cent.
 *
 *   OPENAI_API_KEY=sk-… node live.mjs [llm] [tts] [stt] [file] [realtime] [--base-url URL] [--language he-IL]
 *          [--llm-model M] [--tts-model M] [--stt-model M] [--realtime-model M] [--wav caller.wav] [--rounds 3]
 *
 * With no part named, all run. Without --wav the tts speaks the caller's sentence for stt and realtime.
 */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createConverter, MULAW_8K, readWav } from '@kav/core'
import { Value } from '@sinclair/typebox/value'
import { openaiLlm, openaiRealtime, openaiStt, openaiTts } from './dist/index.js'

const PARTS = ['llm', 'tts', 'stt', 'file', 'realtime']
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...Object.fromEntries(
      ['base-url', 'language', 'llm-model', 'tts-model', 'stt-model', 'realtime-model', 'wav'].map((name) => [
        name,
        { type: 'string' },
      ]),
    ),
    rounds: { type: 'string', default: '3' },
  },
})
const wanted = positionals.length > 0 ? positionals : PARTS
if (wanted.some((part) => !PARTS.includes(part))) {
  console.error(`parts are: ${PARTS.join(', ')}`)
  process.exit(2)
}
const language = values.language ?? 'en-US'
const hebrew = language.startsWith('he')
const SENTENCE = hebrew ? 'שלום, מתי אתם פתוחים ביום שישי?' : 'Hello, when are you open on Friday?'
const ANSWER = hebrew ? 'אנחנו פתוחים מתשע עד אחת.' : 'We are open from nine to one.'

const line = (fields, message) => console.error(message, JSON.stringify(fields))
const log = { debug() {}, info() {}, warn: line, error: line, child: () => log }
const clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
const context = { log, clock, baseDir: process.cwd(), metrics: { count() {}, gauge() {}, observe() {} } }
const { signal } = new AbortController()

function create(plugin, given) {
  const known = {
    ...(process.env.OPENAI_API_KEY && { api_key: process.env.OPENAI_API_KEY }),
    ...(values['base-url'] && { base_url: values['base-url'] }),
  }
  const own = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const params = Value.Default(plugin.params, { ...known, ...own })
  for (const { path, message } of plugin.check?.(params) ?? [])
    console.error(`warning: ${path.join('.')}: ${message}`)
  return plugin.create(params, context)
}

/** Milliseconds since it was made. */
function stopwatch() {
  const startMs = performance.now()
  return () => Math.round(performance.now() - startMs)
}

function report(part, facts) {
  const told = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`,
  )
  console.log(`${part.padEnd(9)} ${told.join('  ')}`)
}

const llm = create(openaiLlm, { model: values['llm-model'], max_tokens: 100 })
const tts = create(openaiTts, { model: values['tts-model'] })
const stt = create(openaiStt, { model: values['stt-model'], language })
const realtime = create(openaiRealtime, { model: values['realtime-model'], language })

async function speak(text) {
  const converter = createConverter(tts.produces[0], MULAW_8K)
  const pieces = []
  const passed = stopwatch()
  let firstMs
  for await (const chunk of tts.speak({ callId: 'live', text, format: tts.produces[0] }, signal)) {
    firstMs ??= passed()
    pieces.push(Buffer.from(converter.convert(chunk)))
  }
  pieces.push(Buffer.from(converter.flush()))
  return { audio: Buffer.concat(pieces), firstMs, totalMs: passed() }
}

async function caller() {
  if (!values.wav) return (await speak(SENTENCE)).audio
  const wav = readWav(await readFile(values.wav))
  const converter = createConverter(wav.format, MULAW_8K)
  return Buffer.concat([Buffer.from(converter.convert(wav.audio)), Buffer.from(converter.flush())])
}

/** Writes at the pace of a phone call, with silence behind; resolves where the speech ends. */
async function play(session, speech, silenceMs = 4000) {
  const audio = Buffer.concat([speech, Buffer.alloc(silenceMs * 8, 0xff)])
  const startMs = performance.now()
  let spokenAtMs
  for (let at = 0; at < audio.length && !session.stopped; at += 320) {
    session.write(audio.subarray(at, at + 320))
    if (at >= speech.length) session.onSpoken?.((spokenAtMs ??= performance.now()))
    await sleep(Math.max(0, startMs + (at + 320) / 8 - performance.now()))
  }
}

const RUN = {
  async llm() {
    const messages = [{ role: 'user', content: SENTENCE }]
    const passed = stopwatch()
    const facts = { text: '' }
    for await (const event of llm.reply({ callId: 'live', messages, tools: [], language }, signal)) {
      if (event.type === 'text') {
        facts.first_token_ms ??= passed()
        facts.text += event.text
      }
      if (event.type === 'usage') Object.assign(facts, { in: event.inputTokens, out: event.outputTokens })
    }
    return {
      first_token_ms: facts.first_token_ms,
      total_ms: passed(),
      in: facts.in,
      out: facts.out,
      text: facts.text,
    }
  },
  async tts() {
    const { audio, firstMs, totalMs } = await speak(ANSWER)
    return { first_audio_ms: firstMs, total_ms: totalMs, speech_ms: audio.length / 8 }
  },
  async stt() {
    const speech = await caller()
    const passed = stopwatch()
    const session = await stt.openSession({ callId: 'live', format: MULAW_8K, hints: [], signal })
    const facts = { open_ms: passed() }
    let spokenAtMs
    const playing = { write: session.write, onSpoken: (at) => (spokenAtMs = at), stopped: false }
    const played = play(playing, speech)
    for await (const event of session.events) {
      const behindMs = Math.round(performance.now() - (spokenAtMs ?? performance.now()))
      if (event.type === 'partial') facts.first_partial_after_speech_ms ??= behindMs
      if (event.type !== 'final') continue
      Object.assign(facts, {
        final_after_speech_ms: behindMs,
        text: `${facts.text ?? ''} ${event.text}`.trim(),
      })
      if (spokenAtMs) break
    }
    playing.stopped = true
    await played
    await session.close()
    return facts
  },
  async file() {
    const speech = await caller()
    const passed = stopwatch()
    const text = await stt.recognize(speech, { callId: 'live', format: MULAW_8K, hints: [], signal })
    return { total_ms: passed(), text }
  },
  async realtime() {
    const speech = await caller()
    const passed = stopwatch()
    const session = await realtime.openSession({
      callId: 'live',
      format: MULAW_8K,
      instructions: `Answer in one short sentence: ${ANSWER}`,
      tools: [],
      language,
      hints: [],
      history: [],
      signal,
    })
    const facts = { open_ms: passed() }
    let spokenAtMs
    const playing = { write: session.write, onSpoken: (at) => (spokenAtMs = at), stopped: false }
    const played = play(playing, speech, 10_000)
    for await (const event of session.events) {
      const behindMs = Math.round(performance.now() - (spokenAtMs ?? performance.now()))
      if (event.type === 'audio') facts.first_audio_after_speech_ms ??= behindMs
      if (event.type === 'caller-final') facts.heard = event.text
      if (event.type === 'agent-final') facts.said = event.text
      if (event.type === 'reply-ended' && facts.said) break
    }
    playing.stopped = true
    await played
    await session.close()
    return facts
  },
}

await Promise.all([llm.warm(), tts.warm('live')])
for (const part of wanted) {
  for (let round = 0; round < Number(values.rounds); round++) {
    try {
      report(part, await RUN[part]())
    } catch (thrown) {
      process.exitCode = 1
      report(part, { failed: thrown.message })
      break
    }
  }
}
await Promise.all([llm, tts, stt, realtime].map((provider) => provider.close()))
