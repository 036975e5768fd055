import type { LiveFinding } from '../contracts/plugin.ts'

/** Longer lines are read by nobody. */
const MAX_CHARACTERS = 600

/**
 * Makes the findings of a live check: one that is not ok cannot be made without what to do about it. Names that a
 * provider sent may stand in both texts; each is one line for a terminal, whatever was sent.
 */
export const finding = {
  ok: (message: string): LiveFinding => ({ level: 'ok', message: line(message) }),
  warning: (message: string, fix: string): LiveFinding => notOk('warning', message, fix),
  error: (message: string, fix: string): LiveFinding => notOk('error', message, fix),
}

function notOk(level: 'warning' | 'error', message: string, fix: string): LiveFinding {
  return { level, message: line(message), fix: line(fix) }
}

/** Control and format characters (line breaks, escape sequences, turned text) become a space. */
function line(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ').trim()
  return plain.length > MAX_CHARACTERS ? `${plain.slice(0, MAX_CHARACTERS - 1)}…` : plain
}
