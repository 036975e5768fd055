import { isChoice } from './bracketed.ts'

/** Takes out where a model has something from: nobody who listens can look it up. */

export function stripCitations(text: string): string {
  if (!/[[(\ue200^¹²³⁴-⁹]|cite/u.test(text)) return text
  return WEB_MARKS.reduce((rest, mark) => rest.replace(mark, ''), text)
    .replace(
      /\( ?(?:see |cf\.? |siehe |vgl\.? |voir |véase |vedi |zie |см\. |ראו )?\[\d{1,3}\][^()\p{L}]*\)/giu,
      '',
    )
    .replace(/\^\[\d{1,3}\]\^|\[\^?[¹²³⁴-⁹]{1,3}\^?\]/gu, '')
    .replace(/(?<=[.!?]["”»]?)[¹²³⁴-⁹]{1,3}(?=\s|$)/gu, '')
    .replace(/\[([^[\]\n]{3,80})\](?!\()/gu, (whole, inner: string, at: number, all: string) =>
      (SOURCE.test(inner) && !isChoice(all, at)) || isWork(inner) ? '' : whole,
    )
    .replace(/\(([^()\n]{6,120})\)/gu, (whole, inner: string, at: number, all: string) => {
      const before = all.slice(Math.max(0, at - CLAIM_CHARS), at)
      return NAMED_SOURCE.test(inner) || (isWork(inner) && isSource(inner, before)) ? '' : whole
    })
}

/** So much of what a source is for is looked at. */
const CLAIM_CHARS = 120

/** As ChatGPT and Gemini write them into a text, also where a server took the signs of private use out. */
const WEB_MARKS = [
  /\ue200[^\ue200\ue201]{0,200}\ue201/gu,
  /cite(?:turn\d{1,3}[a-z]{1,9}\d{1,3})+/gu,
  /:?(?:contentReference)?\[oaicite:\d{1,3}\](?:\{index=\d{1,3}\})?/gu,
]

/** `source: menu.pdf`, `doc1`, `web:3`, `cite: 1, 2`, `citation needed`; a doc of one's own keeps its name. */
const NAMED_SOURCE =
  /^(?:sources?|quellen?|fuentes?|fontes?|bron|bronnen|fonti|источник|מקור|المصدر)\s?[:=]\s?\S/iu
const SOURCE =
  /^(?:(?:sources?|quellen?|fuentes?|fontes?|bron|bronnen|fonti|источник|מקור|المصدر)(?:\s?[:=#]\s?\S.*|\s?\d{1,3})?|(?:doc|document|ref|reference|web|search|chunk|file|kb|passage|snippet)[\s:#_-]?\d{1,3}|cite(?:_start|:.*)|citation(?: needed|s?:.*)?)$/iu

const YEAR = /,? ?(?:(?:1[89]|20)\d\d[a-z]?|n\.d\.)(?:, ?(?:pp?|S)\.? ?\d[\d–-]*)?$/u
const AUTHOR = /^\p{Lu}[\p{L}'’-]*$/u
const NO_AUTHOR =
  /^(?:jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|jun[ei]?|jul[iy]?|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|spring|summer|autumn|fall|winter|early|late|since)$/iu

/** `Smith, 2020`, `Smith & Jones, 2019; Lee et al., 2021, p. 4`: authors and a year. */
function isWork(inner: string): boolean {
  return inner.split(';').every((part) => {
    const work = part.trim().replace(/^(?:see|cf\.?|e\.g\.,?) /iu, '')
    const year = YEAR.exec(work)?.[0]
    const authors = year === undefined ? '' : work.slice(0, -year.length)
    if (authors === '' || (!year!.startsWith(',') && !SEVERAL.test(authors))) return false
    const names = authors.replace(/,? et al\.?$/iu, '').split(/,? (?:&|and|und|et|y|e|en) |, /u)
    return names.every((name) => AUTHOR.test(name.trim()) && !NO_AUTHOR.test(name.trim()))
  })
}

const SEVERAL = /&| et al/iu

/**
 * One name and a year may also be a thing that is sold: "our Rioja (Tondonia, 2010)". It is a source behind words of
 * research alone.
 */
function isSource(inner: string, before: string): boolean {
  return SEVERAL.test(inner) || /;|, ?pp?\./u.test(inner) || RESEARCH.test(before)
}

const RESEARCH =
  /(?<!\p{L})(?:stud(?:y|ies)|research|researchers?|scientists?|evidence|found|findings|survey|experiments?|theory|data|percent|shown|proven|suggests?|reported|according|linked|improves?|reduces?|increases?|helps?|effective|risk|rose|studien?|forschung|gezeigt|belegt|laut|estudios?|demuestran?|según|études?|montrent?|selon|studi|onderzoek)(?!\p{L})/iu
