import type { SentenceWords } from './sentence-words.ts'

/** Most short forms of Hebrew carry a geresh or gershayim and no stop; these are seen with one. */
export const HEBREW: SentenceWords = {
  never: 'פרופ גב רח שד עו"ד עו״ד ד"ר ד״ר דר רו"ח רו״ח אינג שכ שדר כב',
  name: 'וכד שיכ',
  number: 'מס טל עמ סע פקס נייד קומ חד דק פק כנ',
  end: 'וכו וגו',
  starters: `
    האם מה מי מתי איפה איך למה כמה איזה איזו אני אנחנו אתה את אתם הוא היא הם הן זה זאת אלה כאן שם יש אין כן לא תודה
    בבקשה סליחה שלום אבל אז עכשיו היום מחר אם כדי אפשר נא רגע תרצה תרצי תרצו לאחר אחרי לפני גם רק עוד בוא בואו`,
}
