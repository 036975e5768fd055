import type { PluginKind } from '../../src/contracts/index.ts'

const nothing = (): undefined => undefined
const formats = [{ encoding: 'mulaw', sampleRateHz: 8000 }]

/** The least that a provider of each kind has. */
export const LEAST_PROVIDERS: Readonly<Record<PluginKind, Readonly<Record<string, unknown>>>> = {
  transport: { attach: nothing, close: nothing },
  stt: { accepts: formats, openSession: nothing, close: nothing },
  llm: { reply: nothing, close: nothing },
  tts: { produces: formats, speak: nothing, close: nothing },
  vad: {
    sampleRateHz: 8000,
    windowSamples: 256,
    threshold: 0.5,
    openStream: nothing,
    rate: nothing,
    close: nothing,
  },
  turn: { sampleRateHz: 16_000, windowMs: 8000, threshold: 0.5, judge: nothing, close: nothing },
  denoise: { sampleRatesHz: [8000], delayMs: 20, openSession: nothing, close: nothing },
  tool: { tools: [], run: nothing, close: nothing },
  store: { put: nothing, find: nothing, get: nothing, erase: nothing, close: nothing },
  realtime: { formats, detectsTurns: true, openSession: nothing, close: nothing },
}
