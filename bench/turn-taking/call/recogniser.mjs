// A recogniser that is told what is spoken and says it as real ones do: partials every 250 ms with what was said 150 ms
// ago, some with a wrong last word; a final once the caller was silent for `finalMs`, also in a pause of a turn.

import { createRandom } from '../../lib/random.mjs'

/** A segment that ends in mid-turn gets a full stop this often, where finals have marks. */
const WRONG_MARK_SHARE = 0.25

/**
 * `{ provider, hear(utterance, step, startMs), say(event) }`; `hear` is called when the first sound of the step is spoken.
 * `before(type)`: words of somebody else that the segment begins with.
 */
export function createRecogniser({ clock, traits, seed, lateMs, before = () => '' }) {
  const random = createRandom(seed)
  const pushed = []
  let wake
  let over = false

  const emit = (event) => {
    pushed.push(event)
    wake?.()
  }

  const session = {
    write() {},
    finish: () => end(),
    close: async () => end(),
    events: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          while (pushed.length > 0) yield pushed.shift()
          if (over) return
          await new Promise((resolve) => (wake = resolve))
        }
      },
    },
  }
  function end() {
    over = true
    wake?.()
  }
  const later = (ms, event) => clock.after(lateMs + ms, () => over || emit(behind(before(event.type), event)))

  return {
    provider: {
      accepts: [{ encoding: 'mulaw', sampleRateHz: 8000 }],
      openSession: async () => session,
      close: async () => {},
    },
    /** Says this now. */
    say: emit,
    /** `startMs`: when the step begins, in the call. Everything it will say is known now. */
    hear(utterance, step, startMs) {
      if (step.heard === 'nothing') return
      for (const segment of settledSegments(utterance.segments, traits.finalMs)) {
        sayPartials(segment, traits, random, later)
        const { confidence } = step
        later(segment.endMs + traits.finalMs, {
          type: 'final',
          text: finalText(segment, traits, random),
          endMs: startMs + segment.endMs,
          ...(confidence !== undefined && { confidence }),
        })
      }
    },
  }
}

function behind(words, event) {
  return words === '' ? event : { ...event, text: `${words} ${event.text}` }
}

/** Parts with a shorter pause between them are one segment. */
export function settledSegments(segments, finalMs) {
  const settled = []
  for (const segment of segments) {
    const before = settled.at(-1)
    if (before && segment.startMs - before.endMs < finalMs) {
      before.endMs = segment.endMs
      before.mark = segment.mark
      before.words.push(...segment.words)
    } else settled.push({ ...segment, words: [...segment.words] })
  }
  const last = settled.at(-1)
  return settled.map((segment) => ({ ...segment, isLast: segment === last }))
}

function sayPartials(segment, traits, random, later) {
  const { words, startMs, endMs } = segment
  const { partialEveryMs, lagMs, finalMs } = traits
  let said = ''
  for (let atMs = startMs + partialEveryMs; atMs < endMs + finalMs; atMs += partialEveryMs) {
    const known = words.filter((word) => word.endMs <= atMs - lagMs).map(({ text }) => text)
    if (known.length === 0) continue
    const whole = known.length === words.length
    const wrong = !whole && random() < traits.wrongPartials
    if (wrong) known[known.length - 1] = misheard(known.at(-1))
    const mark = whole && traits.marks === 'partials' && segment.isLast ? (segment.mark ?? '') : ''
    const text = `${known.join(' ')}${mark}`
    if (text !== said) later(atMs, { type: 'partial', text })
    said = text
  }
}

/** Half of the word, as a recogniser has it before the rest was spoken. */
function misheard(word) {
  return word.length < 4 ? `${word}s` : word.slice(0, Math.ceil(word.length / 2))
}

function finalText({ words, mark, isLast }, { marks }, random) {
  const text = words.map((word) => word.text).join(' ')
  if (marks === 'none') return text
  const written = text[0].toUpperCase() + text.slice(1)
  if (isLast) return `${written}${mark ?? '.'}`
  return random() < WRONG_MARK_SHARE ? `${written}.` : written
}
