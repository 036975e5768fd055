import { createConverter, readWav } from '../audio/index.ts'
import { MULAW_8K, type SttProvider } from '../contracts/index.ts'

const FRAME_BYTES = 320
const BYTES_PER_MS = 8
const SILENCE_MS = 2000

/**
 * Plays a WAV file of one utterance, with two seconds of silence behind it, to every region of a recogniser at the
 * pace of a phone call, and tells in lines how long until the session is open, the first partial and the final. What
 * fails in one region is a line, too. `link` is what a session is at this service, `stream`.
 */
export async function timeRecognition(
  provider: SttProvider,
  file: Uint8Array,
  link: string,
  tell: (line: string) => void,
): Promise<void> {
  const speech = callerSpeech(file)
  for (const region of provider.regions ?? []) {
    try {
      await timeRegion(provider, region, speech, link, tell)
    } catch (error) {
      tell(`error    ${(error as Error).message}`)
    }
  }
}

function callerSpeech(file: Uint8Array): Uint8Array {
  const wav = readWav(file)
  const converter = createConverter(wav.format, MULAW_8K)
  const silence = Buffer.alloc(SILENCE_MS * BYTES_PER_MS, 0xff)
  return Buffer.concat([Buffer.from(converter.convert(wav.audio)), converter.flush(), silence])
}

async function timeRegion(
  provider: SttProvider,
  region: string,
  speech: Uint8Array,
  link: string,
  tell: (line: string) => void,
): Promise<void> {
  const openingMs = performance.now()
  const session = await provider.openSession({
    callId: 'live',
    format: MULAW_8K,
    region,
    hints: [],
    signal: new AbortController().signal,
  })
  const startMs = performance.now()
  const speechMs = speech.length / BYTES_PER_MS - SILENCE_MS
  tell(`${region}: ${link} open after ${Math.round(startMs - openingMs)} ms`)
  const listening = (async () => {
    let partials = 0
    for await (const event of session.events) {
      const atMs = Math.round(performance.now() - startMs)
      if (event.type === 'partial' && event.text !== '' && (partials += 1) === 1) {
        tell(`${region}: first partial ${atMs} ms after the first audio: "${event.text}"`)
      }
      if (event.type === 'final') {
        tell(`${region}: final ${atMs - Math.round(speechMs)} ms after the file’s end: "${event.text}"`)
      }
    }
  })()
  // Awaited below; until then a session that fails must not end the process.
  listening.catch(() => undefined)
  for (let at = 0; at < speech.length; at += FRAME_BYTES) {
    const dueMs = startMs + at / BYTES_PER_MS
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
    session.write(speech.subarray(at, at + FRAME_BYTES))
  }
  session.finish()
  await listening
  await session.close()
}
