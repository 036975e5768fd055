import type { SttSessionOptions } from '@kav/core'
import { addressOf } from '@kav/core/kit'
import { originOf } from '../connection.ts'
import { isFlux } from '../is-flux.ts'
import type { SttParams } from './stt-params.ts'

type Asked = Pick<SttSessionOptions, 'format' | 'region' | 'language' | 'hints'>

/**
 * Where a session is opened. Nova: developers.deepgram.com/reference/speech-to-text/listen-streaming; Flux:
 * …/listen-flux. Mu-law goes as it is.
 */
export function listenAddress(params: SttParams, options: Asked): URL {
  const origin = originOf(params, options.region).replace(/^http/, 'ws')
  const flux = isFlux(params.model)
  return addressOf(origin, flux ? '/v2/listen' : '/v1/listen', {
    model: params.model,
    ...audioOf(options),
    ...wordsOf(params, params.model, options),
    ...(flux ? turnsOf(params) : segmentsOf(params)),
    ...params.query,
  })
}

/** Where one utterance is sent whole: developers.deepgram.com/reference/speech-to-text/listen-pre-recorded. */
export function recognizeAddress(params: SttParams, options: Asked): URL {
  const { recognize_model: model } = params
  return addressOf(originOf(params, options.region), '/v1/listen', {
    model,
    ...audioOf(options),
    ...wordsOf(params, model, options),
    ...params.query,
  })
}

function audioOf({ format }: Asked) {
  return { encoding: format.encoding, sample_rate: format.sampleRateHz }
}

function wordsOf(params: SttParams, model: string, { language: asked, hints }: Asked) {
  const language = asked ?? params.language
  const common = {
    numerals: params.numerals,
    profanity_filter: params.profanity_filter,
    mip_opt_out: params.mip_opt_out,
    // Nova-2 and before have `keywords`, one word each; what came after has `keyterm`, phrases too.
    ...(takesPhrases(model) ? { keyterm: hints } : { keywords: hints.filter((hint) => !/\s/.test(hint)) }),
  }
  if (!isFlux(model)) return { ...common, language, smart_format: params.smart_format, punctuate: true }
  // `flux-general-en` refuses a hint.
  const hint = model.endsWith('-multi') && language !== 'multi' ? language.split('-')[0]! : ''
  return { ...common, language_hint: hint }
}

function takesPhrases(model: string): boolean {
  return isFlux(model) || /^nova-(?:[3-9]|\d\d)/.test(model)
}

function segmentsOf(params: SttParams) {
  return {
    interim_results: true,
    vad_events: true,
    endpointing: params.endpointing_ms,
    utterance_end_ms: params.utterance_end_ms,
  }
}

function turnsOf(params: SttParams) {
  return {
    eot_threshold: params.eot_threshold,
    eager_eot_threshold: params.eager_eot_threshold,
    eot_timeout_ms: params.eot_timeout_ms,
  }
}
