import type { Breaks } from './promise-table.ts'
import { behindFinal, type Change, eachEvent, fails, same } from './whole-stt.ts'

const order = 'events are well formed, in order'

/** Faults of what is told. */
export function breaksEvents(breaks: Breaks<'stt'>): void {
  const final = { type: 'final', text: 'weasels have eaten' } as const
  breaks('final-once', 'every final twice', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [event, event] : [event])),
      'each segment is told once',
      /"weasels have eaten" came again/,
    ),
  )
  breaks('final-once', 'a final that holds the ones before it', () =>
    fails(
      behindFinal({ ...final, text: 'weasels have eaten again' }),
      'each segment is told once',
      /came again/,
    ),
  )
  breaks('partial-whole', 'partials that are what is new', () =>
    fails(
      eachEvent((event) => {
        if (event.type !== 'final') return [event]
        return [...event.text.split(' ').map((text) => ({ type: 'partial', text }) as const), event]
      }),
      'a partial is the whole text',
      /the last was "eaten", the final "weasels have eaten"/,
    ),
  )
  breaks('partial-whole', 'a partial that is the newest word alone', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [{ type: 'partial', text: 'eaten' }, event] : [event])),
      'a partial is the whole text',
      /the last was "eaten", the final/,
    ),
  )
  breaks('offsets', 'ends in seconds', () =>
    fails(
      eachEvent((event) =>
        event.type === 'final' ? [{ ...event, endMs: (event.endMs ?? 0) / 1000 }] : [event],
      ),
      'offsets are milliseconds',
      /the last word to end near 750 ms; it ends at 0\.8/,
    ),
  )
  breaks('offsets', 'ends in steps of two milliseconds', () =>
    fails(
      eachEvent((event) =>
        event.type === 'final' ? [{ ...event, endMs: Math.round((event.endMs ?? 0) / 2) }] : [event],
      ),
      'offsets are milliseconds',
      /the last word to end near 750 ms; it ends at 400/,
    ),
  )
  breaks('offsets', 'words in ticks, within the audio', () =>
    fails(
      withWords([
        ['weasels', 200],
        ['have', 700],
        ['eaten', 1150],
      ]),
      'offsets are milliseconds',
      /the last word to end near 750 ms; it ends at 1200/,
    ),
  )
  breaks('offsets', 'ends in ticks, behind the end of the audio', () =>
    fails(
      eachEvent((event) =>
        event.type === 'final' ? [{ ...event, endMs: (event.endMs ?? 0) * 1.6 }] : [event],
      ),
      order,
      /offsets within the \d+ ms written/,
    ),
  )
  breaks('known-events', 'an event of an unknown type', () =>
    fails(behindFinal({ type: 'eos' } as never), order, /events of known types/),
  )
  breaks('known-events', 'confidence in per cent', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [{ ...event, confidence: 93 }] : [event])),
      order,
      /from 0 to 1; one is .*93/,
    ),
  )
  breaks('word-times', 'words that lack one', () =>
    fails(withWords([['weasels', 50]]), order, /all words of "weasels have eaten"/),
  )
  breaks('word-times', 'words whose times fall', () =>
    fails(
      withWords([
        ['weasels', 500],
        ['have', 300],
        ['eaten', 400],
      ]),
      order,
      /words in order, within the audio; "have" is from 300/,
    ),
  )
  breaks('alternatives', 'the text among its alternatives', () =>
    fails(
      eachEvent((event) => (event.type === 'final' ? [{ ...event, alternatives: [event.text] }] : [event])),
      order,
      /alternatives that are others than the text/,
    ),
  )
  breaks('usage', 'a bill for more than was written', () =>
    fails(
      behindFinal({ type: 'usage', audioMs: 750 }, { type: 'usage', audioMs: 2000 }),
      order,
      /it comes to 2750 ms/,
    ),
  )
  breaks('partials', 'partials where it says that it has none', () =>
    fails((provider) => ({ ...provider, partials: false }), 'ends of turns and partials', /no partial where/),
  )
}

const withWords = (words: readonly (readonly [word: string, startMs: number])[]) =>
  eachEvent((event) =>
    event.type === 'final'
      ? [{ ...event, words: words.map(([word, startMs]) => ({ word, startMs, endMs: startMs + 50 })) }]
      : [event],
  )

/** Faults of the recogniser's own judgement of turns. */
export function breaksTurns(breaks: Breaks<'stt'>): void {
  const detects =
    (change: Change): Change =>
    (provider) => ({ ...change(provider), detectsTurns: true })
  breaks('turn-events', 'the end of a turn before any word', () =>
    fails(
      detects(eachEvent((event) => [{ type: 'turn-ended', probability: 0.5 }, event])),
      order,
      /turn-ended behind the words/,
    ),
  )
  breaks('turn-events', 'a sure end of a turn before its final', () =>
    fails(
      detects(eachEvent((event) => (event.type === 'partial' ? [event, { type: 'turn-ended' }] : [event]))),
      order,
      /behind the final; it came behind a partial/,
    ),
  )
  breaks('turn-events', 'a turn that is taken back though nobody ended it', () =>
    fails(detects(behindFinal({ type: 'turn-resumed' })), order, /it came without one/),
  )
  breaks('turn-events', 'a sure end that is taken back', () =>
    fails(
      detects(behindFinal({ type: 'turn-ended' }, { type: 'turn-resumed' })),
      order,
      /took back a sure one/,
    ),
  )
  breaks('turn-detection', 'ends of turns that it never tells', () =>
    fails(detects(same), 'ends of turns and partials', /turn-ended, since detectsTurns says so; none came/),
  )
  breaks('turn-detection', 'ends of turns that nobody expects', () =>
    fails(behindFinal({ type: 'turn-ended' }), 'ends of turns and partials', /no turn-ended where/),
  )
}
