import { describe, expect, it } from 'vitest'
import { asksToWait } from '../../src/language/answers/asks-to-wait.ts'

describe('a caller who asks for a moment', () => {
  it.each([
    ['en-US', 'Hold on.'],
    ['en-GB', 'um, just a second, I have it here somewhere'],
    ['en', 'let me check'],
    ['en', 'I’ll check that with my wife'],
    ['en', 'wait'],
    ['en', 'one moment please'],
    ['he-IL', 'רגע'],
    ['iw', 'רגע רגע'],
    ['he', 'תן לי לבדוק'],
    ['he', 'כן, אני בודקת את זה'],
    ['he', 'שנייה אחת בבקשה'],
  ])('is known in %s: %s', (language, said) => {
    expect(asksToWait(said, language)).toBe(true)
  })

  it.each([
    ['en', 'how long do I have to wait for a table'],
    ['en', 'I will be there in a minute or two I think'],
    ['en', 'could you hold on to my order?'],
    ['en', 'yes'],
    ['en', ''],
    ['he', 'כרגע לא'],
    ['he', 'אני אגיע בעוד דקה או שתיים'],
    ['he', 'יש לכם רגע פנוי היום?'],
    ['de', 'hold on'],
  ])('is none in %s: %s', (language, said) => {
    expect(asksToWait(said, language)).toBe(false)
  })
})
