import type { TextStage } from './text-stage.ts'

/** What stands where a server took the marks of channels out of a text (gpt-oss), and the marks. */
const FIRST: readonly (readonly [RegExp, string])[] = [
  [/^analysis(?=[A-Z"'])/, '<|channel|>analysis<|message|>'],
  [/^(?:assistant)?final(?=[A-Z"'])/, '<|channel|>final<|message|>'],
  [/^(?:assistant)?commentary(?= to=)/, '<|channel|>commentary'],
  // The role of the turn, which is no word of it.
  [/^\s{0,4}(?:#{1,4} ?)?(?:assistant|ASSISTANT|Assistant|AI)\s?:\s{0,4}/, ''],
  [/^\s{0,4}(?:#{1,4} ?Response|Final Answer|FINAL ANSWER):\s{0,4}/, ''],
  [/^(?:assistant|model)\s{0,2}\n/, ''],
]
/** What the first words may still become. */
const BEGINNINGS = [
  'analysis',
  'final',
  'assistantfinal',
  'commentary to=',
  'assistantcommentary to=',
  'assistant:',
]
const MORE_BEGINNINGS = [
  'ASSISTANT:',
  'Assistant:',
  'AI:',
  'Response:',
  'Final Answer:',
  'FINAL ANSWER:',
  'assistant\n',
  'model\n',
]
/** The end of a thought whose marks are gone. */
const NEXT = /assistant(?:final|commentary to=)/
const NEXT_CHARS = 'assistantcommentary to='.length
/** The header of a call without its marks: `commentary to=functions.book json{`. */
const HEADER = /(commentary to=[\w.:-]{1,80}(?: ?(?:json|code))?)\s?(?=\{)/

/**
 * Puts the marks back where a server has taken them out of an answer and left their words: `analysisThe caller
 * asks.assistantfinalWe open at nine.`; and takes a role away that the answer begins with. Only the first words of an
 * answer wait, and within such a thought the beginning of its end.
 */
export function createHarmonyRestorer(): TextStage {
  let state: 'first' | 'thought' | 'header' | 'off' = 'first'
  let held = ''

  function read(ended: boolean): string {
    if (state === 'first') {
      if (!ended && mayBecome(held)) return ''
      const found = FIRST.find(([words]) => words.test(held))
      state = !found
        ? 'off'
        : held.startsWith('analysis')
          ? 'thought'
          : found[1].endsWith('commentary')
            ? 'header'
            : 'off'
      if (found) held = held.replace(found[0], found[1])
    }
    if (state === 'thought') return thought(ended)
    if (state === 'header') return header(ended)
    const text = held
    held = ''
    return text
  }

  function thought(ended: boolean): string {
    const at = held.search(NEXT)
    if (at < 0) {
      const kept = ended ? 0 : NEXT_CHARS
      const text = held.slice(0, Math.max(0, held.length - kept))
      held = held.slice(text.length)
      return text
    }
    const isFinal = held.startsWith('final', at + 9)
    const before = `${held.slice(0, at)}<|end|><|start|>assistant<|channel|>`
    held = held.slice(at + 9)
    if (isFinal) held = `final<|message|>${held.slice(5)}`
    state = isFinal ? 'off' : 'header'
    return before + read(ended)
  }

  function header(ended: boolean): string {
    if (!ended && !held.includes('{')) return ''
    const text = held.replace(HEADER, '$1<|message|>')
    state = 'off'
    held = ''
    return text
  }

  return {
    push(text) {
      held += text
      return read(false)
    },
    end: () => read(true),
  }
}

/** Whether the first words are not told yet. */
function mayBecome(text: string): boolean {
  const words = text.replace(/^\s{0,4}(?:#{1,4} ?)?/, '')
  return [...BEGINNINGS, ...MORE_BEGINNINGS].some((beginning) => beginning.startsWith(words))
}
