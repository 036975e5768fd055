// Long answers of the agent for `--more`: the words and sounds of the one reply of the train half would be all that is
// known of echo. They begin in several ways, and hold words that callers and listeners say.

export const MORE_REPLIES = {
  'en-US': [
    'We have two rooms left for that weekend, one with a view of the garden for ninety a night, and a larger one on the top floor for one hundred and twenty, and breakfast is included in both of them.',
    'The next train leaves at ten past nine from platform four, you change in the middle of the country, and you arrive just before noon, or you take the later one that goes all the way without a change.',
    'I see that your order left the warehouse yesterday in the evening, the driver has it now, and it should be with you tomorrow between ten and two, so please make sure that somebody is at home to take it.',
    'Okay, so first you open the app, then you go to settings, and right at the bottom there is a button that says start again, you press that, wait for a minute, and then you try to sign in once more.',
    'No problem, I can change that for you, the earliest time that the doctor has is on Thursday at half past eight, the one after that is on Friday at eleven, and there is nothing at all on Monday.',
    'Your bill is a little higher this month because the price changed in the middle of it, you also called abroad three times, and there was a fee for the letter that we had to send you, which makes nine in all.',
  ],
  'he-IL': [
    'יש לנו שני חדרים פנויים לסוף השבוע, אחד עם נוף לגינה במאתיים ללילה, ואחד גדול יותר בקומה העליונה בשלוש מאות, וארוחת הבוקר כלולה בשניהם.',
    'הרכבת הבאה יוצאת בתשע ועשרה מרציף ארבע, מחליפים באמצע הדרך ומגיעים קצת לפני הצהריים, או שלוקחים את המאוחרת שנוסעת ישר עד הסוף.',
    'אני רואה שההזמנה יצאה מהמחסן אתמול בערב, היא אצל השליח עכשיו, ותגיע אליך מחר בין עשר לשתיים, אז כדאי שמישהו יהיה בבית.',
    'אוקיי, אז קודם פותחים את האפליקציה, אחר כך נכנסים להגדרות, ולמטה יש כפתור של התחלה מחדש, לוחצים עליו, מחכים רגע ומנסים להיכנס שוב.',
    'אין בעיה, אני משנה את זה בשבילך, התור הראשון אצל הרופא הוא ביום חמישי בשמונה וחצי, אחריו יש ביום שישי באחת עשרה, ובשני אין כלום.',
    'החשבון קצת גבוה החודש כי המחיר השתנה באמצע, היו גם שלוש שיחות לחוץ לארץ, ונוספה עמלה על המכתב ששלחנו אליך, ביחד תשע.',
  ],
}

export const SHORT_GREETINGS = { 'en-US': 'Yes?', 'he-IL': 'כן?' }
