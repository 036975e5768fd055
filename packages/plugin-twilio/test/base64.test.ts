import fc from 'fast-check'
import { expect, it } from 'vitest'
import { base64Length, decodeBase64, decoded, encodeBase64 } from '../src/streams/base64.ts'

it('writes what Buffer writes, and nothing beside it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(5), (bytes, at) => {
      const expected = Buffer.from(bytes).toString('base64')
      expect(base64Length(bytes.length)).toBe(expected.length)
      const target = Buffer.alloc(at + expected.length + 1, '#')
      encodeBase64(bytes, target, at)
      expect(target.toString('latin1')).toBe('#'.repeat(at) + expected + '#')
    }),
  )
})

it('reads what Buffer wrote up to the byte that ends it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('"', '",  "', '"}}'), (bytes, after) => {
      const source = Buffer.from(`<${Buffer.from(bytes).toString('base64')}${after}    `)
      const target = Buffer.alloc(bytes.length + 8)
      expect(decodeBase64(source, 1, source.length, target)).toBe(true)
      expect(target.subarray(0, decoded.bytes)).toEqual(Buffer.from(bytes))
      expect(source[decoded.end]).toBe(0x22)
    }),
  )
})
