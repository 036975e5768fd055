/** What is said of a web address: its domain, or nothing. */
export type UrlSpeech = 'domain' | 'strip'

const HOST = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?`
const TAIL = String.raw`(?:[^\s<>"“”]*[^\s<>"“”.,!?:;'’)\]}…。！？，、؟،*_~])?`
/** With a scheme, `www.`, or a path behind a domain. A bare `example.com` is said as it stands. */
const WEB_ADDRESS = new RegExp(
  [
    String.raw`\b(?:https?|wss?|ftp):\/\/(?:[^\s/@]*@)?(?<full>${HOST})(?<port>:\d+)?(?:[/?#]${TAIL})?`,
    String.raw`(?<![\p{L}\p{N}@.-])www\.(?<www>${HOST})(?:[/?#]${TAIL})?`,
    String.raw`(?<![\p{L}\p{N}@./-])(?<bare>(?:[\p{L}\p{N}-]+\.)+\p{L}{2,24})\/(?:(?=[\s.,!?]|$)|${TAIL}(?<=[\w/=-]))`,
  ].join('|'),
  'giu',
)

/** Replaces web addresses; `mailto:` and `tel:` lose their prefix, mail addresses stay. */
export function sayWebAddresses(text: string, speech: UrlSpeech): string {
  return text.replace(/\b(?:mailto|tel):(?=[\p{L}\p{N}+])/giu, '').replace(WEB_ADDRESS, (...match) => {
    const groups = match.at(-1) as Record<'full' | 'www' | 'bare', string | undefined>
    if (speech === 'strip') return ''
    return (groups.full ?? groups.www ?? groups.bare ?? '').replace(/^(?:www\.)+/i, '')
  })
}
