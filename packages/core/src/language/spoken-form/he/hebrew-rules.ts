import { needingFigures, type SpokenRule } from '../rules/spoken-rule.ts'
import { ALWAYS, COUNTS, PERCENT_AND_FRACTIONS } from './amounts/counts.ts'
import { MONEY } from './amounts/money.ts'
import { MULTIPLES } from './amounts/multiples.ts'
import { RATIOS } from './amounts/ratios.ts'
import { UNIT_RULES } from './amounts/units.ts'
import { DATES } from './calendar/dates.ts'
import { INSTANTS } from './calendar/instants.ts'
import { TIMES } from './calendar/times.ts'
import { ADDRESSES } from './codes/address-rules.ts'
import { CODE_GROUPS } from './codes/code-groups.ts'
import { CODES } from './codes/codes.ts'
import { PHONES } from './codes/phones.ts'
import { ABBREVIATIONS } from './words/abbreviations.ts'
import { MARKS, SIGNS } from './words/signs.ts'

/** The surest first: what one has taken, those below it do not see. */
export const HEBREW_RULES: readonly SpokenRule[] = [
  ADDRESSES,
  needingFigures(INSTANTS),
  MARKS,
  needingFigures(CODE_GROUPS),
  needingFigures(PHONES),
  needingFigures(RATIOS),
  needingFigures(CODES),
  needingFigures(ALWAYS),
  needingFigures(DATES),
  needingFigures(TIMES),
  needingFigures(MULTIPLES),
  needingFigures(MONEY),
  needingFigures(UNIT_RULES),
  needingFigures(PERCENT_AND_FRACTIONS),
  ABBREVIATIONS,
  needingFigures(COUNTS),
  SIGNS,
].flat()
