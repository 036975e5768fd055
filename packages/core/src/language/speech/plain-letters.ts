/** Letters that are only drawn in another way, as the plain ones: a voice leaves out what it does not know. */

/** `𝗕𝗼𝗹𝗱`, `Ｗｉｄｅ`, `①`, `Ⓐ`, `❶`, `ﬁ`; and `\u2019`, as a character is written in JSON. */
export function plainLetters(text: string): string {
  return text
    .replace(DRAWN, (run) => run.normalize('NFKC'))
    .replace(/([①-⓪])(?=(\p{L})?)/gu, (_whole, sign: string, letter?: string) =>
      apart(sign.normalize('NFKC'), letter),
    )
    .replace(/([❶-➓])(?=(\p{L})?)/gu, (_whole, sign: string, letter?: string) =>
      apart(String(((sign.codePointAt(0)! - FIRST_DINGBAT) % 10) + 1), letter),
    )
    .replace(/\\u([\da-f]{4})/giu, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

const DRAWN = /[\u{1d400}-\u{1d7ff}\uff10-\uff19\uff21-\uff3a\uff41-\uff5aﬀ-ﬆℎ]+/gu
/** `❶`: three rows of ten begin here. */
const FIRST_DINGBAT = 0x2776

/** `①Sales` */
function apart(sign: string, letter: string | undefined): string {
  return letter === undefined ? sign : `${sign} `
}
