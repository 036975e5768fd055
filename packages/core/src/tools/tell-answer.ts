import type { BoundedAnswer } from '../kit/wire/bounded-answer.ts'
import { reasonIn } from '../kit/wire/reason-in.ts'
import { type HttpAnswer, mayHaveBeenDone } from './http-exchange.ts'
import { parseJson } from '../kit/json-as-written.ts'
import { pickFields } from './pick-fields.ts'
import { ToolFailure } from './runnable-tool.ts'
import { MAY_HAVE_BEEN } from './cut-words.ts'
import type { HttpToolSettings } from './tool-settings.ts'

const MAX_ERROR_CHARS = 300
/** Words such as OK, and no structure whose fields were not picked. */
const BRIEF = /^[^[{<].{0,299}$/s
const READABLE = /^$|json|xml|^text\/|x-www-form-urlencoded/
/** What no text has in it, whatever its type says. */
const NO_TEXT = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufffd]/

/** What the model reads of an answer. The status alone says whether the service did what it was asked. */
export function tellAnswer(answer: HttpAnswer, settings: HttpToolSettings): string {
  const { status } = answer
  const text = answer.text.trim()
  if (status >= 300) {
    const said = `the service answered ${status}${saidIn(text, answer)}`
    throw new ToolFailure(
      mayHaveBeenDone(settings.method, answer) ? `${said.replace(/\.$/, '')}. ${MAY_HAVE_BEEN}` : said,
    )
  }
  const missing = whyMissing(answer, settings)
  if (text === '') return missing === '' ? `Done (${status}, no content).` : `Done (${status}); ${missing}.`
  if (!isReadable(text, answer)) return `Done (${status}); the answer is not text.`
  if (settings.pick.length > 0) return pick(text, answer, settings)
  return missing === '' ? text : `${text}\n[cut: ${missing}]`
}

/** JSON often comes as a stream of bytes, or as the page of HTML that a service's language has for a default. */
function isReadable(text: string, { contentType }: BoundedAnswer): boolean {
  return READABLE.test(contentType) || !NO_TEXT.test(text)
}

/** The words of a refusal; the page that a server has for its errors says less than its status. */
function saidIn(text: string, answer: BoundedAnswer): string {
  const isPage = /^</.test(text) && !/xml/.test(answer.contentType)
  if (text === '' || isPage || !isReadable(text, answer)) return ''
  // Of a long one the reason, which may stand behind a trace of the stack.
  const said = text.length <= MAX_ERROR_CHARS ? text : reasonIn(text) || text
  return `: ${said.slice(0, MAX_ERROR_CHARS).replace(/[\ud800-\udbff]$/, '')}`
}

function whyMissing({ cut, brokeOff }: BoundedAnswer, { maxResponseBytes }: HttpToolSettings): string {
  if (cut) return `the answer is longer than ${maxResponseBytes} bytes`
  return brokeOff === undefined ? '' : `the answer broke off (${brokeOff})`
}

function pick(text: string, answer: BoundedAnswer, settings: HttpToolSettings): string {
  const done = (but: string): string => `Done (${answer.status}), but ${but}.`
  const missing = whyMissing(answer, settings)
  if (missing !== '') return done(`${missing}, so that nothing can be picked from it`)
  const value = parseJson(text)
  if (value === undefined) return BRIEF.test(text) ? text : done('the answer is not JSON')
  // A text or a number is all there is: nothing else is held back by it.
  if (typeof value !== 'object' && BRIEF.test(text)) return text
  const picked = pickFields(value, settings.pick)
  if (Object.keys(picked).length > 0) return JSON.stringify(picked)
  return done(`the answer has none of ${settings.pick.join(', ')}`)
}
