import { type CodeWords, isCodeBehind } from '../../rules/code-cue.ts'
import type { SpokenRule } from '../../rules/spoken-rule.ts'
import { countedNoun } from '../numbers/nouns.ts'
import { digitWords } from '../numbers/numbers.ts'
import { withPrefix } from '../numbers/prefixes.ts'

/** What is read digit by digit follows one of these. */
export const CODE_WORDS: CodeWords = {
  cues: new Set(
    `קוד סיסמה סיסמא הזמנה הזמנתך אסמכתא חשבון כרטיס מיקוד שלוחה ת"ז ת״ז זהות פוליסה פנייה פניה תיק אישור סיומת ספרות
    מסתיים מסתיימת נגמר מעקב משלוח תביעה סידורי קופון שובר`.split(/\s+/u),
  ),
  links: new Set(
    'מספר האימות הגישה הסודי האישי שלך שלכם לקוח אשראי הלקוח האשראי הוא היא הם הן זה האחרונות'.split(' '),
  ),
  prefix: /^[והבכלמש]/u,
}

const code: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪-])(?<prefix>[בל][-־])?(?<digits>\d{3,20})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ prefix, digits }, { before, after }) =>
    isCodeBehind(before, CODE_WORDS) && !countedNoun(/^ (?<noun>[א-ת]+)/u.exec(after)?.groups?.['noun'] ?? '')
      ? withPrefix(prefix, digitWords(digits!))
      : undefined,
}

const longDigits: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.,:/$€£₪#*-])(?<digits>\d{7,40}|0\d{1,5})(?![\p{L}\p{N}_:/%-]|[.,]\d)/gu,
  say: ({ digits }) => (/^[1-9]0{6,}$/u.test(digits!) ? undefined : digitWords(digits!)),
}

/** `AB12C`: letters stand as they are, for the voice to spell. */
const mixedCode: SpokenRule = {
  pattern:
    /(?<![\p{L}\p{N}_.@/&$€£₪'’-])(?=[A-Z]{0,20}\d)(?=\d{0,20}[A-Z])(?<code>[A-Z\d]{4,20})(?![\p{L}\p{N}_@/&'’%-]|[.:]\p{L}|[.,:]\d)/gu,
  say: ({ code }, { before }) =>
    /^\d+(?:[KMGT]B|[KMBVWAPG]|K?HZ|KG|KM|MP)$/u.test(code!) ||
    (/[A-Z]{4}/u.test(code!) && !isCodeBehind(before, CODE_WORDS))
      ? undefined
      : digitWords(code!),
}

export const CODES = [mixedCode, code, longDigits]
