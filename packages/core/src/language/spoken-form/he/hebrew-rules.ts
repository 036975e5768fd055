import type { SpokenRule } from '../rules/spoken-rule.ts'
import { ABBREVIATIONS } from './abbreviations.ts'
import { ADDRESSES } from './address-rules.ts'
import { CODES } from './codes.ts'
import { ALWAYS, COUNTS, PERCENT_AND_FRACTIONS } from './counts.ts'
import { DATES } from './dates.ts'
import { MONEY } from './money.ts'
import { PHONES } from './phones.ts'
import { SIGNS } from './signs.ts'
import { TIMES } from './times.ts'
import { UNIT_RULES } from './units.ts'

/** The surest first: what one has taken, those below it do not see. */
export const HEBREW_RULES: readonly SpokenRule[] = [
  ADDRESSES,
  PHONES,
  CODES,
  ALWAYS,
  DATES,
  TIMES,
  MONEY,
  UNIT_RULES,
  PERCENT_AND_FRACTIONS,
  ABBREVIATIONS,
  COUNTS,
  SIGNS,
].flat()
