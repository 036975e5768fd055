import type { RedactionSettings } from '../../src/redaction/redaction-settings.ts'

/** Nothing is looked for: a test names what it is about. */
export const NOTHING: RedactionSettings = {
  cards: false,
  phones: false,
  emails: false,
  nationalIds: false,
  secretKeys: 'none',
  words: {},
}
