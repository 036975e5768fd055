import type { AnswerCompleteness } from '../../src/language/answers/answer-completeness.ts'
import type { ExpectedAnswer } from '../../src/language/answers/expected-answer.ts'

type Kind = ExpectedAnswer['kind'] | `digits ${number}`

/** What agents say, by what it asks for. */
export const QUESTIONS: Readonly<Record<string, Partial<Record<Kind, readonly string[]>>>> = {
  'en-US': {
    'yes-no': [
      'Is that right?',
      'Would you like to book it?',
      'I have a table at seven. Shall I book it?',
      'Two tickets to Boston on Monday, correct?',
      'Great! Do you want a receipt?',
      'Anything else?',
      'And is this your mobile?',
    ],
    'digits 4': [
      'What are the last four digits of your card?',
      'Please say your 4-digit PIN.',
      'Can you tell me the four digit code?',
    ],
    'digits 9': ['Please give me the nine digits of your social security number.'],
    digits: ["What's your phone number?", 'Could you give me your account number, please?', 'And your zip?'],
    date: ['What date works for you?', 'Which day would you like to come?', "What's your date of birth?"],
    time: ['What time should I book it for?', 'At what time would you like to arrive?'],
    name: ["What's your full name?", 'May I have your name, please?', 'Can I ask for your last name?'],
    open: [
      '',
      'Hello.',
      'How can I help you?',
      'What would you like to order?',
      'Would you like tea or coffee?',
      'How many people?',
      'Can you tell me what happened?',
    ],
  },
  'he-IL': {
    'yes-no': ['האם זה נכון?', 'תרצה שאזמין?', 'יש עוד משהו?'],
    'digits 4': ['מה ארבע הספרות האחרונות של הכרטיס?', 'תגיד לי בבקשה 4 ספרות.'],
    digits: ['מה מספר הטלפון שלך?', 'תוכל למסור את המספר?'],
    date: ['באיזה תאריך?', 'מה תאריך הלידה שלך?'],
    time: ['באיזו שעה נוח לך?'],
    name: ['איך קוראים לך?', 'מה השם שלך?'],
    open: ['איך אפשר לעזור?', 'תה או קפה?', 'כמה אנשים?'],
  },
  'de-DE': { open: ['Ist das richtig?', 'Wie ist Ihre Telefonnummer?'] },
}

/** What callers answer. */
export const ANSWERS: readonly (readonly [ExpectedAnswer, string, string, AnswerCompleteness])[] = [
  [{ kind: 'yes-no' }, 'en', 'Yes.', 'whole'],
  [{ kind: 'yes-no' }, 'en', 'yes please', 'whole'],
  [{ kind: 'yes-no' }, 'en', 'no thank you', 'whole'],
  [{ kind: 'yes-no' }, 'en', "Yes, that's right.", 'whole'],
  [{ kind: 'yes-no' }, 'en', 'yeah sure', 'whole'],
  [{ kind: 'yes-no' }, 'en', 'yes but', 'unknown'],
  [{ kind: 'yes-no' }, 'en', 'no I want', 'unknown'],
  [{ kind: 'yes-no' }, 'en', 'well', 'unknown'],
  [{ kind: 'yes-no' }, 'en', '', 'unknown'],
  [{ kind: 'digits', count: 4 }, 'en', 'four seven', 'part'],
  [{ kind: 'digits', count: 4 }, 'en', 'four seven one one', 'whole'],
  [{ kind: 'digits', count: 4 }, 'en', "it's 4711", 'whole'],
  [{ kind: 'digits', count: 4 }, 'en', '47 11', 'whole'],
  [{ kind: 'digits', count: 4 }, 'en', '47', 'part'],
  [{ kind: 'digits', count: 4 }, 'en', 'I do not have it', 'unknown'],
  [{ kind: 'digits' }, 'en', 'four seven', 'unknown'],
  [{ kind: 'date' }, 'en', 'next Tuesday', 'whole'],
  [{ kind: 'date' }, 'en', 'tomorrow', 'whole'],
  [{ kind: 'date' }, 'en', 'March', 'part'],
  [{ kind: 'date' }, 'en', 'March third', 'whole'],
  [{ kind: 'date' }, 'en', '3/4/2026', 'whole'],
  [{ kind: 'date' }, 'en', 'I am not sure', 'unknown'],
  [{ kind: 'time' }, 'en', 'at 7:30', 'whole'],
  [{ kind: 'time' }, 'en', 'at seven', 'unknown'],
  [{ kind: 'name' }, 'en', 'my name is', 'part'],
  [{ kind: 'name' }, 'en', 'my name is Dana Levi', 'whole'],
  [{ kind: 'name' }, 'en', 'Dana', 'unknown'],
  [{ kind: 'open' }, 'en', 'yes', 'unknown'],
  [{ kind: 'yes-no' }, 'he', 'כן', 'whole'],
  [{ kind: 'yes-no' }, 'he', 'לא תודה', 'whole'],
  [{ kind: 'yes-no' }, 'he', 'כן אבל', 'unknown'],
  [{ kind: 'digits', count: 4 }, 'he', 'ארבע שבע', 'part'],
  [{ kind: 'digits', count: 4 }, 'iw', 'ארבע שבע אחת אחת', 'whole'],
  [{ kind: 'date' }, 'he', 'מחר', 'whole'],
  [{ kind: 'date' }, 'he', 'במאי', 'unknown'],
  [{ kind: 'name' }, 'he', 'קוראים לי', 'part'],
  [{ kind: 'yes-no' }, 'de', 'ja', 'unknown'],
]
