/** What is said or written, and what is shown of it: one list per detector. None of the numbers is anybody's. */
export type Vector = readonly [text: string, shown: string]

export const CARDS: readonly Vector[] = [
  ['my card is 4242 4242 4242 4242 thanks', 'my card is [card] thanks'],
  ['4242424242424242', '[card]'],
  ['4242-4242-4242-4242.', '[card].'],
  ['it is 3782 822463 10005', 'it is [card]'],
  ['5555 5555 5555 4444, expiry', '[card], expiry'],
  ['6011 1111 1111 1117 12/27', '[card]'],
  ['it’s 4222222222222, the old kind', 'it’s [card], the old kind'],
  ['four two four two four two four two four two four two four two four two', '[card]'],
  ['double four, double two, uh, 4422 4422 4422', '[card]'],
  ['triple five five triple five five triple five five double four double four', '[card]'],
  ['forty-two forty two 4242 4242 and then 4242', '[card]'],
  ['הכרטיס שלי 4242-4242-4242-4242 בבקשה', 'הכרטיס שלי [card] בבקשה'],
  ['ארבע שתיים ארבע שתיים ארבע שתיים ארבע שתיים ארבע שתיים ארבע שתיים ארבע שתיים ארבע שתיים', '[card]'],
  ['ארבעים ושתיים ארבעים ושתיים 4242 4242 ואז 4242 זהו', '[card] זהו'],
  ['٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢', '[card]'],
  // A digit was misheard.
  ['4242 4242 4242 4243', '[card]'],
  ['4111 1381 9493 80', '4111 13[digits]'],
  // It may go on.
  ['4242 4242 4242', '4242 42[digits]'],
  ['4242 4242', '4242 4242'],
  ['4242 4242 4242 is what I see', '4242 4242 4242 is what I see'],
  ['order 48151623 please', 'order 48151623 please'],
  ['at 7:30 on the 24th of December 2026', 'at 7:30 on the 24th of December 2026'],
  ['one of the two', 'one of the two'],
]

export const PHONES: readonly Vector[] = [
  ['call +1 (555) 123-4567 now', 'call [phone] now'],
  ['555-123-4567', '[phone]'],
  ['it’s 415-223-4567', 'it’s [phone]'],
  ['my number is four one five two two three four five six seven', 'my number is [phone]'],
  ['555-1234', '[phone]'],
  ['הטלפון שלי 054-123-4567', 'הטלפון שלי [phone]'],
  ['אפס חמש ארבע אחת שתיים שלוש ארבע חמש שש שבע', '[phone]'],
  ['03-6123456 במשרד', '[phone] במשרד'],
  ['1-700-555-000', '[phone]'],
  ['+972 54 123 4567', '[phone]'],
  ['00442079460000', '[phone]'],
  ['room 4711, 12 people', 'room 4711, 12 people'],
]

export const EMAILS: readonly Vector[] = [
  ['write to dana.levi+kav@example.co.il please', 'write to [email] please'],
  ['it is dana at example dot com', 'it is [email]'],
  ['dana dot levi at g mail dot com, thanks', '[email], thanks'],
  ['d a n a at example dot co dot il', '[email]'],
  ['dana underscore levi 42 at example dot com', '[email]'],
  ['dana levi at example.com', '[email]'],
  ['המייל שלי הוא דנה שטרודל דוגמה נקודה קום', 'המייל שלי הוא [email]'],
  ['we meet at noon', 'we meet at noon'],
  ['version two dot five', 'version two dot five'],
]

export const NATIONAL_IDS: readonly Vector[] = [
  ['my social is 219-09-9999', 'my social is [national id]'],
  ['two one nine oh nine nine nine nine nine', '[national id]'],
  ['ssn 219099999', 'ssn [national id]'],
  ['666-12-3456', '666-12-3456'],
  ['תעודת זהות 123456782', 'תעודת זהות [national id]'],
  ['12345678-2', '[national id]'],
  ['GB82 WEST 1234 5698 7654 32', '[national id]'],
  ['IL62 0108 0000 0009 9999 999', '[national id]'],
  ['GB82 WEST 1234 5698 7654 33', 'GB82 WEST 1234 5698 7654 33'],
  ['nine people', 'nine people'],
]
