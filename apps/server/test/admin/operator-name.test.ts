import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { operatorName } from '../../src/admin/api/operator-name.ts'

describe('who asked, as it is written down', () => {
  it('is one line without controls and signs that turn the direction of a text', () => {
    expect(operatorName(decodeURIComponent('%00%0a%1b[31mEve%E2%80%AE  Stone%0a'))).toBe('[31mEve Stone')
    expect(operatorName('דנה לוי')).toBe('דנה לוי')
    for (const nobody of [undefined, '', ' \n ', '\u0000\u202e'])
      expect(operatorName(nobody)).toBe('operator')
  })

  it('is short and can be seen, whatever was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (sent) => {
        const name = operatorName(sent)
        expect(Array.from(name).length).toBeGreaterThan(0)
        expect(Array.from(name).length).toBeLessThanOrEqual(64)
        expect(name).not.toMatch(/\p{C}|[\u2028\u2029]/u)
      }),
    )
  })
})
