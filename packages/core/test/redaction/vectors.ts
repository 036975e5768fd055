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
  ['४२४२४२४२४२४२४२४२', '[card]'],
  ['𝟒𝟐𝟒𝟐 𝟒𝟐𝟒𝟐 𝟒𝟐𝟒𝟐 𝟒𝟐𝟒𝟐', '[card]'],
  // Words that only sound like digits.
  ['for one one one, won 1 1 1, one won one one, one one one won', '[card]'],
  ['my card is for 111 11 11 1111 1111 1 thanks', 'my card is [card] thanks'],
  ['to to for to, too to for to, to two for to, to 2 for to', '[card]'],
  ['for to for to for too for to for two for to for to for tu', '[card]'],
  ['tree seven ate to eight to to for six three one oh oh oh five', '[card]'],
  ['forty-won eleven 1111 1111 1111', '[card]'],
  ['it’s fore one one one and then 1111, uh, 1111 and, wait, 1111', 'it’s [card] and, wait, [card]'],
  ['thanks for 4242 4242 4242 4242 too', 'thanks for [card] too'],
  ['לארבע אחת אחת אחת 1111 1111 1111', '[card]'],
  ['אַרְבַּע שְׁתַּיִם 42 4242 4242 4242', '[card]'],
  // Several of one.
  ['four and fifteen ones: one five times', 'four and fifteen ones: one five times'],
  ['four, three ones, four ones, 1111 1111', '[card]'],
  ['four three times one quadruple one 1111 1111', '[card]'],
  ['ארבע שלוש פעמים אחת דאבל אחת אחת אחת 1111 1111', '[card]'],
  // Construct and feminine forms.
  ['ארבעת שתי ארבע שני ארבעה שתיים ארבעת שניים 4242 4242', '[card]'],
  ['חמישה חמשת חמש חמישת 5555 5555 4444', '[card]'],
  ['תישע שמנה', 'תישע שמנה'],
  // Signs of all kinds.
  ['4242:4242:4242:4242', '[card]'],
  ['4242;4242;4242;4242', '[card]'],
  ['4242=4242=4242=4242', '[card]'],
  // Words within it.
  ['4111 1111 1111 again 1111', '[card] again [card]'],
  ['4111 1111 please 1111 1111', '[card] please [card]'],
  [
    '4111 is the first, 1111 the second, 1111 the third and 1111 the last',
    '[card] is the first, [card] the second, [card] the third and [card] the last',
  ],
  // Numbers of more than one digit.
  ['four thousand, 0000 0000 0002', '[card]'],
  ['four thousand one hundred eleven, 1111 1111 1111', '[card]'],
  ['four thousand one one one one one one one one one one one one one', '[card]'],
  ['forty-one hundred 0000 0000 0001', '[card]'],
  ['ארבעת אלפים מאה ואחת עשרה 1111 1111 1111', '[card]'],
  ['ארבעת אלפים 0000 0000 0002', '[card]'],
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
  [
    'between 10:30 and 11:15, or at 14:45, 15:50, 16:40 and 17:45',
    'between 10:30 and 11:15, or at 14:45, 15:50, 16:40 and 17:45',
  ],
  ['call 555-123-4567 or 555-765-4321 now', 'call 555-123-4567 or 555-765-4321 now'],
  ['054-123-4567 and not 052-765-4321', '054-123-4567 and not 052-765-4321'],
  ['orders 48151623 or 42108642', 'orders 48151623 or 42108642'],
  ['two hundred forty two of five thousand', 'two hundred forty two of five thousand'],
  ...[
    'I went to the store for two of them at eight to buy for my friend too',
    'I want to book for two to four people for eight nights from one to eight',
    'ate at eight to be on time for four, won by one to two, too bad for you',
    'for 2 to 4 people, one to one, for one or for two, free for two to three',
    'call me at 8 to 9 for 2 to 3 days, or two to four times for free',
    'it went from 4000 to 4500 and then to 5200 for 2 of the 3',
    'לארבעה אנשים לשתי לילות בשמונה בערב',
    'the good ones, three times, twice, and two for the team',
  ].map((text) => [text, text] as const),
  [
    'it was 4 euros 50 for 2 people at 7:30 on 24/12/2026',
    'it was 4 euros 50 for 2 people at 7:30 on 24/12/2026',
  ],
]

/** What the agent says: a sentence ends a number, but for a card. */
export const AGENT_CARDS: readonly Vector[] = [
  ['Your card is 4111 1111. 1111 1111. Is that right?', 'Your card is [card]. [card]. Is that right?'],
  ['4111. 1111. 1111. 1111.', '[card]. [card]. [card]. [card].'],
  [
    'four one one one. one one one one. one one one one. one one one one. Correct?',
    '[card]. [card]. [card]. [card]. Correct?',
  ],
  ['Your order is 4815162342. Twelve people.', 'Your order is 4815162342. Twelve people.'],
  ['We open at 9. It is 10 now. Call 555-123-4567.', 'We open at 9. It is 10 now. Call 555-123-4567.'],
]

/** What was written: arguments and results of tools, faults. */
export const WRITTEN_CARDS: readonly Vector[] = [
  ['{"pan":"41111111111111111225"}', '{"pan":"[card]"}'],
  ['{"pan":"41111111111111111225123"}', '{"pan":"[card]"}'],
  ['n=4111%201111%201111%201111&x', 'n=[card]&x'],
  ['n=%34111111111111111', 'n=%3[card]'],
  [String.raw`4111\n1111\n1111\n1111`, '[card]'],
  ['4111&nbsp;1111&nbsp;1111&nbsp;1111', '[card]'],
  ['4111+1111+1111+1111', '[card]'],
  ['{"id":"41111111111111119999"}', '{"id":"41111111111111119999"}'],
  // A part in each field.
  [
    '{"part1":"4111","part2":"1111","part3":"1111","part4":"1111"}',
    '{"part1":"[card]","part2":"[card]","part3":"[card]","part4":"[card]"}',
  ],
  [
    '{"card":{"first":4111,"then":{"n":"1111 11"},"cvv":"","rest":"11 1111"},"to":"Dana"}',
    '{"card":{"first":[card],"then":{"n":"[card]"},"cvv":"","rest":"[card]"},"to":"Dana"}',
  ],
  ['{"digits":["4","1","1","1",1,1,1,1,1,1,1,1,1,1,1,1]}', '{"digits":["[card]]}'],
  ['{"number":"for one one one one one one one 1111 1111"}', '{"number":"[card]"}'],
  [
    '{"name":"Table for two","from":"18:00","to":"20:00","guests":4,"price":4800,"currency":"EUR"}',
    '{"name":"Table for two","from":"18:00","to":"20:00","guests":4,"price":4800,"currency":"EUR"}',
  ],
  ['{"at":1767225600000,"id":"usr_4242"}', '{"at":1767225600000,"id":"usr_4242"}'],
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
