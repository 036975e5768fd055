/** So much of an answer tells; a shorter one that is a whole sentence, too. */
const ENOUGH_WORDS = 8
const ENOUGH_CHARS = 60
const WHOLE_SENTENCE = /[.!?…。？！]["”»)]?(?:\s|$)|\n/u

/** Nobody speaks of the caller to the caller. Models think in English or Chinese, whatever language they answer in. */
const OF_THE_CALLER =
  /\b(?:the|this) (?:user|caller|customer|human|person|client)\b|\busers?(?:'s|’s|’|')|用户|来电者/iu
const OF_THE_TASK =
  /\b(?:system (?:prompt|message)|my instructions|the (?:prompt|query|conversation|request))\b/iu

/** These stand before words as well as before thoughts. */
const LEADS_IN =
  /^(?:(?:okay|ok|alright|all right|well|so|first|now|right|got it|wait|嗯|好的|首先)(?:[,.!…，。\s]+|$)){0,3}/iu
/** What a thought may begin with behind that. */
const FIRST_WORDS = words(
  'the this that user they he she i we let my given considering based looking since as to it in a an someone need ' +
    'must according thinking analyzing understanding hmm mm ok okay alright all got well so first now right wait',
)
const PRONOUNS = words('they he she i we')
const THINKING_VERBS = words(
  'need needs have ought want wants should must ask asks asking are said say says am can could might will know',
)
const BEGINS_THINKING =
  /^(?:let(?: me|['’]s) (?:think|analy[sz]e|break|figure|parse|recall|consider|start by)|(?:i|we) (?:need|have|ought|want) to (?:figure|respond|answer|reply|determine|understand|think|consider|analy[sz]e|decide|craft|produce)|(?:i|we) (?:should|must) (?:figure|respond|answer|reply|be|keep|say|greet|ask|check|think|consider|call)|they(?:['’]re| are)? (?:ask|want|say|said|need)|(?:he|she) (?:asks|wants|says|said|needs)|hmm)/iu

/**
 * Whether an answer begins as models think and not as one speaks to a caller: of an answer without an opening tag
 * this is the only sign before its closing one. `undefined`: too little has come to tell. A guess either way: what is
 * taken for a thought is held back, not thrown away.
 */
export function soundsLikeThought(beginning: string): boolean | undefined {
  const text = beginning.trimStart()
  const rest = text.replace(LEADS_IN, '')
  if (OF_THE_CALLER.test(text) || OF_THE_TASK.test(text) || BEGINS_THINKING.test(rest)) return true
  if (rest === '') return undefined
  if (!mayBecomeThought(rest)) return false
  const isEnough = rest.split(/\s+/u).length > ENOUGH_WORDS || rest.length >= ENOUGH_CHARS
  return isEnough || WHOLE_SENTENCE.test(rest) ? false : undefined
}

/** By its first two words, of which the last may go on. */
function mayBecomeThought(text: string): boolean {
  const [, first = '', second] =
    /^([^\s,.!?…:;'’-]*)(?:\s+([^\s,.!?…:;'’-]*))?/u.exec(text.toLowerCase()) ?? []
  const isFirstWhole = first.length < text.length
  if (!(isFirstWhole ? FIRST_WORDS.includes(first) : begins(FIRST_WORDS, first)))
    return /^[用来]/u.test(first)
  return second === undefined || !PRONOUNS.includes(first) || begins(THINKING_VERBS, second)
}

function begins(all: readonly string[], part: string): boolean {
  return all.some((word) => word.startsWith(part))
}

function words(list: string): readonly string[] {
  return list.split(' ')
}
