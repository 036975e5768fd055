/** Mail and web addresses, names of files and paths: their signs in words. The names stay as they are written. */

/** How a language says the signs of addresses. */
export interface AddressWords {
  readonly at: string
  readonly dot: string
  readonly dash: string
  readonly underscore: string
  readonly plus: string
  readonly slash: string
  /** Digits one by one. */
  digits(characters: string): string
}

/** The last part of a host's name. A word behind a stop that is none of these begins a sentence. */
const DOMAINS = new Set(
  `com org net edu gov mil int info biz name app dev io co ai me tv shop online site store cloud tech health bank
  uk us ca au nz ie de fr es it nl be ch at pt pl se no dk fi cz gr ru ua il tr ae in jp cn kr br mx ar za eu`.split(
    /\s+/u,
  ),
)
const FILES = new Set(
  `pdf doc docx xls xlsx csv txt json yaml yml xml html htm md png jpg jpeg gif svg zip gz mp mp3 mp4 wav ppt pptx js ts
  py sh exe`.split(/\s+/u),
)

const SIGNS: Readonly<Record<string, keyof Omit<AddressWords, 'digits'>>> = {
  '@': 'at',
  '.': 'dot',
  '-': 'dash',
  _: 'underscore',
  '+': 'plus',
  '/': 'slash',
}

/** `a.b@c.org`: names as they stand, signs and digits in words. */
export function addressWords(address: string, words: AddressWords): string {
  return address
    .replace(/[@._+/-]|\d+/gu, (part) => ` ${/\d/.test(part) ? words.digits(part) : words[SIGNS[part]!]} `)
    .replace(/ {2,}/gu, ' ')
    .trim()
}

/** Whether a name with dots is that of a host: `kav.dev`, but not "end.Then". */
export function isHost(name: string): boolean {
  return DOMAINS.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
}

/** `report.pdf` */
export function isFile(name: string): boolean {
  return FILES.has(name.slice(name.lastIndexOf('.') + 1).toLowerCase())
}
