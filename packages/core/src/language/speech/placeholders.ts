import { isMenu } from './bracketed.ts'

/** Takes away what a template or a program should have filled in: `{{name}}`, `${x}`, `[insert name]`, `%s`. */
export function stripPlaceholders(text: string): string {
  if (!/[[{}<%$]|__/u.test(text)) return text
  return withoutBracketed(withoutSigned(withoutBraced(text))).replace(/[{}]/gu, ' ')
}

function withoutBraced(text: string): string {
  return text
    .replace(/(?:\{\{[^{}]*\}\}|\{%[^{}]*%\}|[$#@]\{[^{}]*\}|<%[^<>]*%>)(?:['’]s(?!\p{L}))?/gu, '')
    .replace(/__([A-Z][A-Z_]{2,30})__/gu, (whole, name: string) => (isToFillIn(name) ? '' : whole))
    .replace(/\{[\p{L}_][\p{L}\p{N}_.-]*\}(?:['’]s(?!\p{L}))?/gu, '')
    .replace(/\{\p{Nd}\}/gu, (whole, at: number) => (isMenu(text, at) ? whole : ''))
}

/** `%s`, `%NAME%`, `$name`, `$first_name`; no price, no share, no `$AAPL`. */
function withoutSigned(text: string): string {
  return text
    .replace(/(?<![\p{L}\p{N}%])%(?:\(\w+\)|\d\$)?[sdfi@](?![\p{L}\p{N}])/gu, '')
    .replace(
      /(?<![\p{L}\p{N}$%])(%{1,2})(\p{L}[\p{L}_]*)\1(?![\p{L}\p{N}])/gu,
      (whole, _sign: string, name: string) => (isVariable(name) ? '' : whole),
    )
    .replace(/(?<![\p{L}\p{N}$%])\$([A-Za-z]\w*)/gu, (whole, name: string) => (isVariable(name) ? '' : whole))
}

function isVariable(name: string): boolean {
  return name.includes('_') || FILLED.has(name.toLowerCase())
}

function withoutBracketed(text: string): string {
  return text
    .replace(/\[\/?(?:INST|SYS|EOS|BOS|PAD|UNK|SEP|CLS|MASK|object Object)\]/gu, ' ')
    .replace(
      /\[([^[\]\n]{1,60})\](?!\()|<([^<>=\n]{1,60})>/gu,
      (whole, square: string | undefined, angled: string | undefined, at: number) => {
        const inner = (square ?? angled)!.trim()
        return isToFillIn(inner) && !isMenu(text, at) ? '' : whole
      },
    )
}

/** `CUSTOMER_NAME`, "insert the date here", "your name", "Ihr Name", "nombre del cliente", "имя клиента". */
function isToFillIn(inner: string): boolean {
  if (/^[\p{L}\p{N}]+(?:_[\p{L}\p{N}]+)+$/u.test(inner)) return true
  const words = inner
    .toLowerCase()
    .replace(/['’]s(?!\p{L})/gu, '')
    .split(/[\s/-]+/u)
  const [first = '', second = ''] = words
  if (words.length > 8) return false
  if (ASKING.has(first) && words.length > 1) return true
  if (words.length > 4) return false
  // English and German name the thing last, the others first.
  return (
    FILLED.has(words.at(-1)!) || (FILLED.has(first) && (OF.has(second) || /^\P{Script=Latin}+$/u.test(first)))
  )
}

const OF = new Set('of for del de di da du des do van der von'.split(' '))
const ASKING = new Set(
  `insert enter add fill put replace your the placeholder todo ihr ihre ihren einfügen einsetzen insertar inserte su tu
  insérer votre inserire inserisci suo vul uw jouw inserir insira seu sua вставить вставьте ваш ваше ваша הכנס הכניסו
  أدخل ادخل`.split(/\s+/u),
)
const FILLED = new Set(
  `name names firstname lastname surname date time address number email phone company amount price customer caller
  client user placeholder todo day month year datum tag monat jahr uhrzeit adresse nummer firma betrag nombre fecha hora dirección número empresa nom
  prénom heure adresse numéro entreprise nome cognome data ora indirizzo numero azienda naam tijd adres bedrijf
  endereço número valor имя дата время адрес номер компания שם תאריך שעה כתובת מספר טלפון חברה השם اسم الاسم التاريخ
  الوقت العنوان الرقم`.split(/\s+/u),
)
