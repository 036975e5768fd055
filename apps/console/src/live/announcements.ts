import type { LiveLine } from './live-call-state.ts'

/** No more often than this is anything told. */
export const TELL_EVERY_MS = 2500

/**
 * What a screen reader is told of a running call: each line once, when nothing more comes to it, and lines that were
 * settled between two tellings in one. Words on their way are not told: they would be told again and again.
 */
export interface Announcements {
  /** What is new since the last time; empty: nothing. */
  next(lines: readonly LiveLine[]): string
}

export function createAnnouncements(before: readonly LiveLine[]): Announcements {
  const told = new Set(before.map(({ key }) => key))
  return {
    next(lines) {
      const fresh = lines.filter(({ key, settled }) => settled && !told.has(key))
      for (const { key } of fresh) told.add(key)
      return fresh.map(sentenceOf).join(' ')
    },
  }
}

function sentenceOf({ who, text, heard }: LiveLine): string {
  if (who === 'caller') return `Caller: ${text}.`
  return heard === undefined
    ? `Agent: ${text}`
    : `Agent, interrupted: ${heard === '' ? 'nothing was heard' : heard}.`
}
