import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyText } from './any-text.ts'
import { escapeXml } from '../../src/language/escape-xml.ts'

it('escapes what has a meaning in XML', () => {
  expect(escapeXml(`<break/> & "it's" </speak>`)).toBe(
    '&lt;break/&gt; &amp; &quot;it&apos;s&quot; &lt;/speak&gt;',
  )
})

it('leaves out characters that XML forbids, and keeps every other', () => {
  expect(escapeXml('a\u0000b\u000bc\ud83dd\ufffee')).toBe('abcde')
  expect(escapeXml('שלום 🎉\t\n你好')).toBe('שלום 🎉\t\n你好')
})

it('keeps the white space of an attribute, which a parser would read as spaces', () => {
  expect(escapeXml('a\tb\nc\rd', 'attribute')).toBe('a&#9;b&#10;c&#13;d')
})

it('leaves no way out of an element or an attribute', () => {
  fc.assert(
    fc.property(anyText(), fc.constantFrom('text', 'attribute'), (text, place) => {
      expect(escapeXml(text, place)).not.toMatch(
        /[<>"']|&(?!(?:amp|lt|gt|quot|apos|#9|#10|#13);)|[\ud800-\udfff](?<![\u{10000}-\u{10ffff}])/u,
      )
    }),
  )
})
