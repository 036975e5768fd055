const ONES = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen',
  'seventeen eighteen nineteen',
].flatMap((line) => line.split(' '))
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']
const SYMBOLS: Readonly<Record<string, string>> = {
  '&': ' and ',
  '%': ' percent ',
  '@': ' at ',
  '+': ' plus ',
}

/**
 * English text as the words a person says, lower-case, the way pronouncing dictionaries spell them: numbers
 * up to 9999 written out, longer ones digit by digit, punctuation gone, apostrophes kept.
 */
export function spokenWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’‘]/g, "'")
    .toLowerCase()
    .replace(/[&%@+]/g, (symbol) => SYMBOLS[symbol] ?? ' ')
    .replace(/\d+/g, (digits) => ` ${spokenNumber(digits)} `)
    .split(/[^\p{L}']+/u)
    .map((word) => word.replace(/^'+(?!(?:bout|cause|em|til|round)$)|'+$/g, ''))
    .filter((word) => word !== '')
}

function spokenNumber(digits: string): string {
  if (digits.length > 4 || (digits.length > 1 && digits.startsWith('0'))) {
    return [...digits].map((digit) => ONES[Number(digit)]).join(' ')
  }
  return below10000(Number(digits)).join(' ')
}

function below10000(value: number): string[] {
  const words: string[] = []
  if (value >= 1000) words.push(...below10000(Math.floor(value / 1000)), 'thousand')
  const rest = value % 1000
  if (rest >= 100) words.push(ONES[Math.floor(rest / 100)] ?? '', 'hundred')
  const small = rest % 100
  if (small >= 20) {
    words.push(TENS[Math.floor(small / 10)] ?? '')
    if (small % 10 > 0) words.push(ONES[small % 10] ?? '')
  } else if (small > 0 || value === 0) {
    words.push(ONES[small] ?? '')
  }
  return words
}
