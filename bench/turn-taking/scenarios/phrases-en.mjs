// What callers and the agent say, English. `clips` are recordings in which those very words are spoken; where there
// are none, voice as long as the words stands for them.

const digit = (n) => ({
  text: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][n],
  clip: `digits/${n}`,
})

export const EN = {
  language: 'en-US',
  msPerCharacter: 62,
  asks: {
    open: ['How can I help you today?', 'What can I do for you?', 'What is it about?'],
    'yes-no': ['Is that correct?', 'Shall I book it for you?', 'Do you have an account with us?'],
    date: ['On which day would you like to come?', 'What is your date of birth?'],
    number: ['What is your five digit customer number?', 'Please tell me your postal code.'],
    name: ['What is your name, please?', 'May I have your last name?'],
  },
  statements: [
    { text: 'the number is not answering', clips: ['number-not-answering'] },
    { text: 'something is terribly wrong', clips: ['something-terribly-wrong'] },
    { text: 'weasels have eaten our phone system', clips: ['tt-weasels'] },
    { text: 'all circuits are busy now', clips: ['all-circuits-busy-now'] },
    { text: 'your call cannot be completed as dialed', clips: ['cannot-complete-as-dialed'] },
    { text: 'that is not a valid conference number', clips: ['conf-invalidpin'] },
    { text: 'I would like to change my appointment' },
    { text: 'my internet has been down since yesterday' },
    { text: 'I want to cancel the order from last week' },
    { text: 'we need a table for four people tonight' },
    { text: 'the driver left the parcel with my neighbour' },
    { text: 'somebody charged my card twice' },
    { text: 'I lost my password again' },
    { text: 'please put me through to the service desk' },
  ],
  questions: [
    { text: 'what time do you open on Sunday' },
    { text: 'can you send me the invoice by mail' },
    { text: 'how much does the larger room cost' },
    { text: 'is there a train after midnight' },
    { text: 'when will my parcel arrive' },
    { text: 'do you still have the blue one in stock' },
    { text: 'to which folder should I save the message', clips: ['vm-savefolder'] },
    { text: 'where do I find the customer number' },
  ],
  answers: {
    'yes-no': [
      { text: 'no', clips: ['vm-no'] },
      { text: 'yes' },
      { text: 'yes please' },
      { text: 'no thank you' },
      { text: 'that is right' },
      { text: 'yeah' },
    ],
    date: [
      { text: 'Monday', clips: ['digits/day-1'] },
      { text: 'Wednesday', clips: ['digits/day-3'] },
      { text: 'tomorrow', clips: ['digits/tomorrow'] },
      { text: 'January tenth', clips: ['digits/mon-0', 'digits/h-10'] },
      { text: 'March twentieth', clips: ['digits/mon-2', 'digits/h-20'] },
      { text: 'the third of May' },
    ],
    number: [
      { digits: [4, 7, 1, 9, 2] },
      { digits: [8, 0, 3, 5, 5] },
      { digits: [1, 6, 6, 2, 0] },
      { digits: [9, 4, 1, 3, 7] },
    ].map(({ digits }) => ({
      text: digits.map((n) => digit(n).text).join(' '),
      clips: digits.map((n) => digit(n).clip),
    })),
    name: [
      { text: 'Charlie', clips: ['phonetic/c_p'] },
      { text: 'Oscar', clips: ['phonetic/o_p'] },
      { text: 'my name is Juliet' },
      { text: 'Victor Sierra', clips: ['phonetic/v_p', 'phonetic/s_p'] },
      { text: 'Smith' },
      { text: 'Katherine Brown' },
    ],
  },
  /** Turns in two or three parts, a pause between them, by where the pause is. */
  paused: {
    conjunction: [
      ['I would like to book a room and', 'a parking space for two nights'],
      ['my order came yesterday but', 'one of the boxes was empty'],
      ['I can come on Monday or', 'maybe on Wednesday after lunch'],
      ['I am calling because', 'my bill is higher than last month'],
      ['we moved to a new flat so', 'I need to change the address'],
    ],
    filler: [
      ['I am looking for um', 'a flight to London next Friday'],
      ['the name on the card is uh', 'Katherine Brown'],
      ['well um', 'it makes a strange noise'],
      ['I think it was um', 'the blue one with the long sleeves'],
      ['let me think', 'it was last Tuesday'],
    ],
    number: [
      [
        { text: 'four seven one', clips: ['digits/4', 'digits/7', 'digits/1'] },
        { text: 'nine two', clips: ['digits/9', 'digits/2'] },
      ],
      [
        { text: 'eight zero', clips: ['digits/8', 'digits/0'] },
        { text: 'three five five', clips: ['digits/3', 'digits/5', 'digits/5'] },
      ],
      [
        { text: 'one six', clips: ['digits/1', 'digits/6'] },
        { text: 'six two', clips: ['digits/6', 'digits/2'] },
        { text: 'zero', clips: ['digits/0'] },
      ],
      [
        'my number is',
        {
          text: 'nine four one three seven',
          clips: ['digits/9', 'digits/4', 'digits/1', 'digits/3', 'digits/7'],
        },
      ],
    ],
    clause: [
      ['I wanted to ask about', 'the invoice from March'],
      ['the washing machine that I bought', 'does not start any more'],
      ['I have an appointment', 'with Doctor Miller on Thursday'],
      ['my phone shows', 'no network since this morning'],
      ['if I pay today', 'can you deliver before the weekend'],
    ],
  },
  backchannels: [
    'mm-hm',
    'uh-huh',
    'yeah',
    'okay',
    'right',
    'I see',
    'got it',
    'yeah yeah',
    'oh okay',
    'great',
    'hmm',
    'that makes sense',
  ],
  /** By number of words. */
  interruptions: [
    ['stop', 'wait', 'sorry'],
    ['hold on', 'no wait', 'excuse me'],
    ['no not that', 'can I ask', 'that is wrong'],
    ['I already know that', 'no I said Monday', 'that is too late'],
    ['I do not want that', 'can you repeat the price'],
    ['wait I need a different day', 'please just give me a person'],
    ['no I was asking about my bill', 'I have already tried that two times'],
    ['sorry but I have to catch my train', 'can you first tell me what that costs'],
  ],
  asides: [
    'honey can you turn that down please',
    'no put it on the table over there',
    'just a second I am on the phone',
    'the keys are in the kitchen',
  ],
  opening: { text: 'tell me about my options' },
  longReply:
    'Certainly, there are three plans that would fit you, the small one has ten gigabytes and costs twelve a month, the next has fifty and costs nineteen, and the largest has no limit at all and costs thirty a month.',
  shortReply: 'Thank you, I have noted that for you.',
}
