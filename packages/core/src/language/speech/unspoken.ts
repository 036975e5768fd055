/** Takes away characters that have no sound, and repetitions. */

/** Invisible and broken characters; the joiners that some scripts need stay. */
export function stripInvisible(text: string): string {
  return text
    .replace(/[\r\u2028\u2029\u0085\v\f]/gu, '\n')
    .replace(/\t/gu, ' ')
    .replace(/\p{Cc}(?<!\n)|(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cs}\p{Cn}]|\ufffd/gu, '')
    .replace(/[^\S\n]/gu, ' ')
}

/** Emoji, emoticons, arrows and ornaments. Digits of keycap emoji stay, and so do °, №, ℃ and CJK squares. */
export function stripSymbols(text: string): string {
  return text
    .replace(/[\ufe0e\ufe0f\u20e3]/gu, '')
    .replace(/(?<=^|\s)[:;=]['’]?-?[)(DPpoO3/|*]+(?=\s|$)/gu, '')
    .replace(/[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]\u200d*/gu, '')
    .replace(/(?<!\S)-+>(?!\S)/gu, ' ')
    .replace(/[\u2190-\u21ff\u27f0-\u27ff\u2900-\u297f]/gu, ' ')
    .replace(/(?![°№℃℉\u3200-\u33ff])\p{So}/gu, '')
}

/** `!!!` to `!`, `?!?` to `?`, `....` to `…`, `,,` to `,`, `,.` to `.`, rows of ornaments to nothing; spaces put right. */
export function tidyPunctuation(text: string): string {
  return text
    .replace(/[!?؟！？]{2,}/gu, (run) => /[?？؟]/u.exec(run)?.[0] ?? run[0]!)
    .replace(/\.{2,}|…{2,}|…\.+/gu, '…')
    .replace(/([,;:،؛，、；。।])\1+/gu, '$1')
    .replace(/[=_~#*+<>|\\^]{3,}|-{3,}/gu, ' ')
    .replace(/\(\s*\)|"\s*"|“\s*”|«\s*»/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/ (?=[,.!?;:…،؛؟](?:\s|$))/gu, '')
    .replace(/[,;](?=[.!?…](?:\s|$))/gu, '')
    .replace(/^(?:[,.!?;:…،؛؟)\]»”]+(?=\s|$)\s*)+/u, '')
    .trim()
}
