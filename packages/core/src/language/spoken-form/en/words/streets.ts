import type { SpokenRule } from '../../rules/spoken-rule.ts'

const WINDS: Readonly<Record<string, string>> = {
  N: 'North',
  S: 'South',
  E: 'East',
  W: 'West',
  NE: 'Northeast',
  NW: 'Northwest',
  SE: 'Southeast',
  SW: 'Southwest',
}

/** `123 N. Main St.` */
const before: SpokenRule = {
  pattern: /(?<=(?<![\p{L}\p{N}])\d{1,5} )(?<wind>[NSEW])\.? (?=\p{Lu}\p{Ll}|\d{1,3}(?:st|nd|rd|th)\b)/gu,
  say: ({ wind }) => `${WINDS[wind!]!} `,
}

const NAMES: Readonly<Record<string, string>> = {
  Ave: 'Avenue',
  Blvd: 'Boulevard',
  Rd: 'Road',
  Ln: 'Lane',
  Hwy: 'Highway',
  Pkwy: 'Parkway',
  St: 'Street',
}

/** `Pennsylvania Ave NW`, `5th Ave, Suite 2` */
const street: SpokenRule = {
  pattern:
    /(?<=(?:\p{Lu}\p{Ll}{1,20}|\d{1,3}(?:st|nd|rd|th)) )(?<name>Ave|Blvd|Rd|Ln|Hwy|Pkwy|St)(?<stop>\.)?(?: (?<wind>[NS][EW]?|[EW]))(?![\p{L}\p{N}_'’-])(?:\.(?= ?[,\p{Ll}]))?/gu,
  say: ({ name, wind }) => `${NAMES[name!]!} ${WINDS[wind!]!}`,
}

/** `12 Oak Ln`, `5th Ave, Austin` */
const named: SpokenRule = {
  pattern:
    /(?<=(?<![\p{L}\p{N}])(?:\d{1,5} (?:\p{Lu}\p{Ll}{1,20} ){1,3}|\d{1,3}(?:st|nd|rd|th) ))(?<name>Ave|Blvd|Rd|Ln|Hwy|Pkwy)(?=$|,|\s\p{Ll})/gu,
  say: ({ name }) => NAMES[name!],
}

export const STREETS = [before, street, named]
