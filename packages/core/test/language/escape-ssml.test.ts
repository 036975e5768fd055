import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyText } from './any-text.ts'
import { escapeSsml } from '../../src/language/escape-ssml.ts'

it('escapes what has a meaning in XML', () => {
  expect(escapeSsml(`<break/> & "it's" </speak>`)).toBe(
    '&lt;break/&gt; &amp; &quot;it&apos;s&quot; &lt;/speak&gt;',
  )
})

it('leaves out characters that XML forbids, and keeps every other', () => {
  expect(escapeSsml('a\u0000b\u000bc\ud83dd\ufffee')).toBe('abcde')
  expect(escapeSsml('שלום 🎉\t\n你好')).toBe('שלום 🎉\t\n你好')
})

it('leaves no way out of an element or an attribute', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      expect(escapeSsml(text)).not.toMatch(
        /[<>"']|&(?!(?:amp|lt|gt|quot|apos);)|[\ud800-\udfff](?<![\u{10000}-\u{10ffff}])/u,
      )
    }),
  )
})
