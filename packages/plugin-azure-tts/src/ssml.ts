import { escapeXml } from '@kav/core'
import type { ResolvedParams } from './params.ts'

/** The voice that speaks `language`: its own where one is configured, else the one voice. */
export function voiceFor(params: ResolvedParams, language: string | undefined): string {
  return (language === undefined ? undefined : params.voices[language]) ?? params.voice
}

/** `he-IL` of `he-IL-HilaNeural`: a voice's name begins with its language. */
export function languageOfVoice(voice: string): string {
  return /^[a-z]{2,3}(-[A-Za-z]{4})?-[A-Z]{2}/.exec(voice)?.[0] ?? 'en-US'
}

/** One sentence as the service takes it (learn.microsoft.com, "Speech Synthesis Markup Language"). */
export function toSsml(params: ResolvedParams, text: string, language: string | undefined): string {
  const voice = voiceFor(params, language)
  const spoken = withStyle(params, withProsody(params, escapeXml(text)))
  return (
    '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" ' +
    `xmlns:mstts="http://www.w3.org/2001/mstts" xml:lang="${languageOfVoice(voice)}">` +
    `<voice name="${escapeXml(voice)}">${silences(params)}${spoken}</voice></speak>`
  )
}

function withProsody(params: ResolvedParams, inner: string): string {
  const attributes = (['rate', 'pitch'] as const)
    .filter((name) => params[name] !== '')
    .map((name) => ` ${name}="${escapeXml(params[name])}"`)
    .join('')
  return attributes === '' ? inner : `<prosody${attributes}>${inner}</prosody>`
}

function withStyle(params: ResolvedParams, inner: string): string {
  if (params.style === '') return inner
  const degree = params.style_degree === 1 ? '' : ` styledegree="${params.style_degree}"`
  return `<mstts:express-as style="${params.style}"${degree}>${inner}</mstts:express-as>`
}

function silences(params: ResolvedParams): string {
  const one = (type: string, ms: number): string =>
    ms < 0 ? '' : `<mstts:silence type="${type}" value="${ms}ms"/>`
  return one('Leading-exact', params.leading_silence_ms) + one('Tailing-exact', params.trailing_silence_ms)
}
