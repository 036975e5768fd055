import type { SpokenRule } from '../rules/spoken-rule.ts'
import { ABBREVIATIONS } from './abbreviations.ts'
import { ADDRESSES } from './address-rules.ts'
import { CAPITALS } from './capitals.ts'
import { CODES, NAMED_NUMBERS } from './codes.ts'
import { COUNTS, FRACTIONS } from './counts.ts'
import { DATES } from './dates.ts'
import { MONEY } from './money.ts'
import { PHONES } from './phones.ts'
import { ROMANS } from './romans.ts'
import { SIGNS } from './signs.ts'
import { TIMES } from './times.ts'
import { UNIT_RULES } from './units.ts'

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
