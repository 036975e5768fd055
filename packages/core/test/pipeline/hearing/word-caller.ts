import type { FakeSttSession } from '../../../src/testing/index.ts'
import type { createSttRig } from './stt-rig.ts'
import { numbers } from './stt-rig.ts'

type Rig = ReturnType<typeof createSttRig>

/** A word of the caller, in frames of 20 ms of the call. */
export interface SpokenWord {
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Words one after the other, by their length and the pause before each, in frames. */
export function sayWords(
  parts: readonly { readonly pause: number; readonly length: number; readonly text?: string }[],
): SpokenWord[] {
  let at = 0
  return parts.map(({ pause, length, text }, index) => {
    const from = at + pause
    at = from + length
    return { text: text ?? `word${index}`, from, to: at }
  })
}

/** What a recogniser is like. Times in milliseconds. */
export interface Recogniser {
  /** Between audio and what it says of it. */
  readonly lagMs: number
  /** On top of that for finals. */
  readonly finalDelayMs: number
  readonly partials: boolean
  /** A segment ends after so much silence, or so many words. */
  readonly silenceMs: number
  readonly maxWords: number
  /** Where a final says that it ends: at its last word, where the silence was found, or it does not say. */
  readonly end: 'word' | 'silence' | 'none'
}

/** The words in the frames from `first` to `end`. One of which the beginning is missing is none. */
export function wordsIn(words: readonly SpokenWord[], first: number, end: number): readonly SpokenWord[] {
  return words.filter(({ from, to }) => from >= first - MISSING_FRAMES && to <= end)
}

/** Of a word may be missing. */
const MISSING_FRAMES = 2

interface Hearing {
  /** The number of the first frame it was given. */
  first: number | undefined
  told: number
  toldPartial: number
  dead: boolean
}

/** Lets every session of the rig say what `recogniser` would. To be called behind every frame. */
export function createWordHearing(rig: Rig, words: readonly SpokenWord[], recogniser: Recogniser) {
  const states = new Map<FakeSttSession, Hearing>()
  const finals: { readonly session: FakeSttSession; readonly atMs: number }[] = []

  function say(session: FakeSttSession, afterMs: number, event: Parameters<FakeSttSession['emit']>[0]): void {
    rig.clock.after(afterMs, () => {
      if (states.get(session)?.dead || session.closed) return
      if (event.type === 'final') finals.push({ session, atMs: rig.clock.nowMs() })
      session.emit(event)
    })
  }

  function hear(session: FakeSttSession): void {
    const state = states.get(session) ?? { first: undefined, told: 0, toldPartial: 0, dead: false }
    states.set(session, state)
    if (state.dead || session.closed || session.writtenMs === 0) return
    state.first ??= numbers(session)[0]!
    const { first } = state
    const end = first + session.writtenMs / 20
    const heard = wordsIn(words, first, end).slice(state.told)
    if (heard.length === 0) return
    const at = (frame: number): number => (frame - first) * 20
    let segment = heard.slice(0, 1)
    for (const word of heard.slice(1)) {
      if (
        (word.from - segment.at(-1)!.to) * 20 >= recogniser.silenceMs ||
        segment.length === recogniser.maxWords
      )
        break
      segment = [...segment, word]
    }
    const { to } = segment.at(-1)!
    const next = words.find(({ from }) => from >= to)?.from ?? Infinity
    const silentMs = (Math.min(next, end) - to) * 20
    const text = segment.map((word) => word.text).join(' ')
    const isOver = silentMs >= recogniser.silenceMs || segment.length < heard.length || session.finished
    if (!isOver) {
      if (recogniser.partials && segment.length > state.toldPartial)
        say(session, recogniser.lagMs, { type: 'partial', text })
      state.toldPartial = segment.length
      return
    }
    state.told += segment.length
    state.toldPartial = 0
    const endMs = recogniser.end === 'word' ? at(to) : at(to) + Math.min(silentMs, recogniser.silenceMs)
    say(session, recogniser.lagMs + recogniser.finalDelayMs, {
      type: 'final',
      text,
      ...(recogniser.end !== 'none' && { endMs }),
    })
    hear(session)
  }

  return {
    finals,
    listen: () => rig.stt.sessions.forEach(hear),
    dies(session: FakeSttSession, error: Error): void {
      const state = states.get(session)
      if (!state || state.dead) return
      state.dead = true
      session.fail(error)
    },
  }
}
