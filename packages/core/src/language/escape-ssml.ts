/**
 * Text as character data of an SSML document, also safe inside an attribute. Characters that XML 1.0 (section 2.2)
 * forbids, lone surrogates among them, are left out: one of them would make the whole document invalid.
 * Not idempotent: call it once, when the document is built.
 */
export function escapeSsml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
