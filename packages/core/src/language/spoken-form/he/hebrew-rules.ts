import type { SpokenRule } from '../rules/spoken-rule.ts'
import { ABBREVIATIONS } from './words/abbreviations.ts'
import { ADDRESSES } from './codes/address-rules.ts'
import { CODES } from './codes/codes.ts'
import { ALWAYS, COUNTS, PERCENT_AND_FRACTIONS } from './amounts/counts.ts'
import { DATES } from './calendar/dates.ts'
import { MONEY } from './amounts/money.ts'
import { PHONES } from './codes/phones.ts'
import { SIGNS } from './words/signs.ts'
import { TIMES } from './calendar/times.ts'
import { UNIT_RULES } from './amounts/units.ts'

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
