import { CALL_DIRECTORY_PROMISES } from './call-directory-promises.ts'
import { DENOISE_PROMISES } from './denoise-promises.ts'
import { LIVE_CHECK_PROMISES } from './live-check-promises.ts'
import { LLM_PROMISES } from './llm-promises.ts'
import type { Promises } from './promise.ts'
import { REALTIME_PROMISES } from './realtime-promises.ts'
import { STORE_PROMISES } from './store-promises.ts'
import { STT_PROMISES } from './stt-promises.ts'
import { TOOL_PROMISES } from './tool-promises.ts'
import { TRANSPORT_PROMISES } from './transport-promises.ts'
import { TTS_PROMISES } from './tts-promises.ts'
import { TURN_PROMISES } from './turn-promises.ts'
import { VAD_PROMISES } from './vad-promises.ts'

export type { ContractPromise, Promises } from './promise.ts'

/** Every promise of `contracts/`, by the kind that gives it: the one list to which cases and broken providers refer. */
export const PROMISES = {
  stt: STT_PROMISES,
  llm: LLM_PROMISES,
  tts: TTS_PROMISES,
  vad: VAD_PROMISES,
  turn: TURN_PROMISES,
  denoise: DENOISE_PROMISES,
  tool: TOOL_PROMISES,
  transport: TRANSPORT_PROMISES,
  realtime: REALTIME_PROMISES,
  store: STORE_PROMISES,
  'call-directory': CALL_DIRECTORY_PROMISES,
  'live-check': LIVE_CHECK_PROMISES,
} as const satisfies Readonly<Record<string, Promises>>

export type PromiseKind = keyof typeof PROMISES

/** Short names of what a kind promises. */
export type PromiseOf<Kind extends PromiseKind> = keyof (typeof PROMISES)[Kind] & string
