import { describe, expect, it } from 'vitest'
import { isSayable, splitText } from '../../src/kit/index.ts'

describe('a text for a voice', () => {
  it('is cut after a sentence, else a clause, else a word, else anywhere', () => {
    expect(splitText('Yes. No way, sir.', 10)).toEqual(['Yes.', 'No way,', 'sir.'])
    expect(splitText('a bc def', 4)).toEqual(['a bc', 'def'])
    expect(splitText('abcdefgh', 3)).toEqual(['abc', 'def', 'gh'])
    expect(splitText('ab😀cd', 3)).toEqual(['ab', '😀c', 'd'])
  })

  it('is one only with a letter or a digit in it', () => {
    expect(['a', 'ש', '7'].every(isSayable)).toBe(true)
    expect(['', '  ', '…', '?!'].some(isSayable)).toBe(false)
  })
})
