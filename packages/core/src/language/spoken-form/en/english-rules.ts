import type { SpokenRule } from '../rules/spoken-rule.ts'
import { ABBREVIATIONS } from './words/abbreviations.ts'
import { ADDRESSES } from './codes/address-rules.ts'
import { CAPITALS } from './words/capitals.ts'
import { CODES, NAMED_NUMBERS } from './codes/codes.ts'
import { COUNTS, FRACTIONS } from './amounts/counts.ts'
import { DATES } from './calendar/dates.ts'
import { MONEY } from './amounts/money.ts'
import { PHONES } from './codes/phones.ts'
import { ROMANS } from './words/romans.ts'
import { SIGNS } from './words/signs.ts'
import { TIMES } from './calendar/times.ts'
import { UNIT_RULES } from './amounts/units.ts'

/** The surest first: what one has taken, those below it do not see. */
export const ENGLISH_RULES: readonly SpokenRule[] = [
  ADDRESSES,
  PHONES,
  CODES,
  DATES,
  TIMES,
  MONEY,
  UNIT_RULES,
  NAMED_NUMBERS,
  ROMANS,
  FRACTIONS,
  ABBREVIATIONS,
  COUNTS,
  SIGNS,
  CAPITALS,
].flat()
