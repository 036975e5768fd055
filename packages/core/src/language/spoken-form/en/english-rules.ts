import { needingFigures, type SpokenRule } from '../rules/spoken-rule.ts'
import { COUNTS } from './amounts/counts.ts'
import { FRACTIONS } from './amounts/fractions.ts'
import { MONEY } from './amounts/money.ts'
import { MULTIPLES } from './amounts/multiples.ts'
import { RATIOS } from './amounts/ratios.ts'
import { SIZES } from './amounts/sizes.ts'
import { UNIT_RULES } from './amounts/units.ts'
import { DATES } from './calendar/dates.ts'
import { DAY_RANGES } from './calendar/day-ranges.ts'
import { DURATIONS } from './calendar/durations.ts'
import { INSTANTS } from './calendar/instants.ts'
import { TIMES } from './calendar/times.ts'
import { ADDRESSES } from './codes/address-rules.ts'
import { CODE_GROUPS } from './codes/code-groups.ts'
import { CODES, NAMED_NUMBERS } from './codes/codes.ts'
import { NAMED_PLACES } from './codes/named-places.ts'
import { PHONES } from './codes/phones.ts'
import { VERSIONS } from './codes/versions.ts'
import { ABBREVIATIONS } from './words/abbreviations.ts'
import { CAPITALS } from './words/capitals.ts'
import { ROMANS } from './words/romans.ts'
import { SIGNS } from './words/signs.ts'
import { STREETS } from './words/streets.ts'

/** The surest first: what one has taken, those below it do not see. */
export const ENGLISH_RULES: readonly SpokenRule[] = [
  ADDRESSES,
  needingFigures(INSTANTS),
  needingFigures(CODE_GROUPS),
  needingFigures(PHONES),
  needingFigures(VERSIONS),
  needingFigures(NAMED_PLACES),
  needingFigures(RATIOS),
  needingFigures(CODES),
  DAY_RANGES,
  needingFigures(DURATIONS),
  needingFigures(DATES),
  needingFigures(TIMES),
  needingFigures(FRACTIONS),
  needingFigures(MONEY),
  needingFigures(SIZES),
  needingFigures(UNIT_RULES),
  needingFigures(MULTIPLES),
  needingFigures(NAMED_NUMBERS),
  ROMANS,
  STREETS,
  ABBREVIATIONS,
  SIGNS,
  needingFigures(COUNTS),
  CAPITALS,
].flat()
