/**
 * Text as character data of an XML document (SSML, TwiML), also safe inside an attribute. Characters that XML 1.0
 * (section 2.2) forbids, lone surrogates among them, are left out: one of them would make the whole document invalid.
 * In an `attribute` tabs and line ends are written as references: a parser would read them as spaces (3.3.3).
 * Not idempotent: call it once, when the document is built.
 */
export function escapeXml(text: string, place: 'text' | 'attribute' = 'text'): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(place === 'text' ? /[&<>"']/g : /[&<>"'\t\n\r]/g, (char) => REFERENCES[char]!)
}

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}
