import { addressWords, type AddressWords, isFile, isHost } from '../../rules/addresses.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { digitWords } from '../numbers/numbers.ts'

const WORDS: AddressWords = {
  at: 'at',
  dot: 'dot',
  dash: 'dash',
  underscore: 'underscore',
  plus: 'plus',
  slash: 'slash',
  digits: digitWords,
}

/** `dana.k@kav.dev` */
const mail: SpokenRule = {
  pattern:
    /(?<![\w.@+-])(?<address>\w[\w.+-]{0,63}@[A-Za-z\d][A-Za-z\d-]{0,62}(?:\.[A-Za-z\d-]{1,62}){0,4}\.[A-Za-z]{2,24})(?![\w@])/gu,
  say: ({ address }) => addressWords(address!, WORDS),
}

/** `kav.dev`, `docs.kav.dev`, `report.pdf` */
const dotted: SpokenRule = {
  pattern:
    /(?<![\w.@/-])(?<name>[A-Za-z\d][\w-]{0,62}(?:\.[\w-]{1,62}){0,4}\.[A-Za-z]\w{1,23})(?![\w@/]|\.\w)/gu,
  say: ({ name }) => (isHost(name!) || isFile(name!) ? addressWords(name!, WORDS) : undefined),
}

/** `/etc/hosts`, `~/notes.txt`; "and/or" is none. */
const path: SpokenRule = {
  pattern: /(?<=^|[\s("“])(?<path>(?:\/[\w-][\w.-]{0,62}){2,12}\/?)(?![\w/@])/gu,
  say: ({ path }) => {
    const bare = path!.replace(/\.$/u, '')
    return addressWords(bare, WORDS) + path!.slice(bare.length)
  },
}

/** `@kav_line`: a name on some network. */
const handle: SpokenRule = {
  pattern: /(?<=^|[\s("“])@(?<name>[A-Za-z]\w{1,30})(?![\w@.]\w|[\w@])/gu,
  say: ({ name }) => `at ${addressWords(name!, WORDS)}`,
}

export const ADDRESSES = [mail, dotted, path, handle]
