// How callers speak in Hebrew, as patterns: `{name}` is one of the phrases of `slots-he.mjs`, `(a|b|)` one of these, and
// the last of them nothing. Written for this; there is no free corpus of Hebrew calls.

export const HEBREW_PATTERNS = `
{hello}(אני|) {want} {act}
{want} {act} {future}
{want} {act} ו{act}
{want} {act} כי {reason}
{want} {act} אבל {but}
{hello}{calling} (לגבי|בעניין|על) {athing}
{hello}{calling} (לגבי|בעניין|על) {athing} {relative}
{hello}{calling} כי {reason}
{hello}{calling} בגלל ש{reason}
{calling} כדי {act}
{hello}יש לי {issue}
{hello}יש לי {issue} עם {athing}
יש לי {issue} עם {athing} {relative}
יש לי {appointment} {future}
יש לי {appointment} {future} ואני צריך {act}
יש לי {appointment} {future} ואני רוצה לדעת אם {statement}
יש לי שאלה (לגבי|על) {athing}
{mthing} {relative} {mfault}
{fthing} {relative} {ffault}
{mthing} (שלי|שלנו|של אמא שלי|של הבן שלי|שקיבלתי|החדש|הישן) {mfault}
{fthing} (שלי|שלנו|של אמא שלי|של הבן שלי|שקיבלתי|החדשה|הישנה) {ffault}
{mthing} {mfault}
{fthing} {ffault}
{mthing} {mfault} {past}
{fthing} {ffault} {past}
{past} {mthing} {mfault}
{past} {fthing} {ffault}
{past} {did}
{did} {past}
{did} {past} ועדיין {still}
{did} אבל {but}
{did} ו{reason}
{did} אז {want} {act}
אם {condition} {consequence}
אם {condition} אז {consequence}
כש{condition} {mfaultsentence}
כשאני מנסה {act} {mfaultsentence}
כל פעם שאני מנסה {act} {mfaultsentence}
בכל פעם ש{condition} {mfaultsentence}
מאז ש{did} {mfaultsentence}
אחרי ש{did} {mfaultsentence}
לפני ש{did} {mfaultsentence}
בגלל {noun} {did}
בגלל {noun} {want} {act}
לפי {noun} {statement}
למרות ש{did} {mfaultsentence}
במקום {thing} קיבלתי {thing}
מה ש{wantshort} זה {act}
מה שקרה זה ש{reason}
הבעיה היא ש{reason}
העניין הוא ש{reason}
הסיבה שאני מתקשר היא ש{reason}
השאלה שלי היא אם {statement}
השאלה שלי היא {whquestion}
האמת (היא ש|){reason}
תראה {reason}
תראי {want} {act}
תשמע {reason}
בעיקרון {want} {act}
קודם כל {want} {act}
{filler} {want} {act}
{filler} {reason}
{whquestion}
{whquestion} (בבקשה|תודה|)
{hello}{whquestion}
רציתי לדעת {whquestion}
רציתי לשאול {whquestion}
רציתי לשאול אם {statement}
רציתי לברר {whquestion}
אתה יודע {whquestion}
אפשר לדעת {whquestion}
אפשר {act}
אפשר {act} {future}
אפשר בבקשה {act}
האם אפשר {act}
האם {statement}
אני יכול {act}
אני יכולה {act} (דרך האתר|בטלפון|באפליקציה|בלי להגיע)
(אתה יכול|את יכולה|אתם יכולים|תוכל|תוכלי) {actforme}
(אתה יכול|את יכולה|אתם יכולים|תוכל|תוכלי) {actforme} {future}
(תוכל|תוכלי|אפשר) להגיד לי {whquestion}
(תגיד|תגידי) לי {whquestion}
(יש לכם|יש) {stock}
(יש לכם|יש) {stock} {future}
(אני מחפש|אני מחפשת|אנחנו מחפשים) {stock}
(אני מחפש|אני מחפשת|אנחנו מחפשים) {stock} ל{forwhom}
(אני צריך|אני צריכה|אנחנו צריכים) {stock}
(אני צריך|אני צריכה|אנחנו צריכים) {stock} {future}
(אני צריך|אני צריכה) {act} {future} כי {reason}
{statement}
{statement} ו{statement}
{statement} אבל {but}
{statement} כי {reason}
{statement} או ש{statement}
אני (חושב|חושבת) ש{reason}
אני (חושב|חושבת) שזה היה {past}
אמרו לי ש{reason}
אמרתם לי ש{statement}
נראה לי ש{reason}
(אני|) לא (הבנתי|מבין|מבינה) {whquestion}
(אני|) לא (יודע|יודעת) {whquestion}
(אני|) לא (זוכר|זוכרת) {whquestion}
אני גר ב{city}
אני גרה ב{city} ליד {place}
הכתובת (שלי|) היא רחוב {street} {number} ב{city}
רחוב {street} {number} {city}
קוראים לי {first} {last}
השם (שלי|) הוא {first} {last}
השם על הכרטיס הוא {first} {last}
(אני|זה|זאת) {first} {last}
{first} {last}
{first}
{last}
(ב|){day}
{day} {daypart}
{day} או {day}
(ב|){month} ה{ordinal}
ה{ordinal} ב{month}
{future}
{future} (או|ואם לא אז) {future}
אני יכול להגיע {future} או {future}
(כן|לא|כן בבקשה|לא תודה|בטח|נכון|בסדר|אוקיי|זה נכון|לא נכון|זה בסדר|מתאים לי|לא מתאים לי)
(כן|לא) {reason}
כן {want} {act}
לא {want} {act}
לא אני {wantshort} {act}
{number}
{number} {number} {number}
המספר (שלי|) הוא {number} {number} {number} {number}
{mphone}
{countphrase}
אנחנו {countphrase} {future}
שולחן ל{countphrase} {future}
חדר ל{nights} {future}
זה עולה (יותר מדי|הרבה יותר ממה שאמרתם|אותו דבר)
זה (דחוף|לא דחוף|לא מה שהזמנתי|לא מה שביקשתי|כבר לא רלוונטי|בדיוק מה שרציתי|לא הגיוני)
זה היה {past}
זה קרה {past} {place2}
(תודה|תודה רבה|לא תודה זה הכל|זה הכל תודה|אין צורך|לא משנה)
(שלום|היי|בוקר טוב|ערב טוב) {want} {act}
(שלום|היי|בוקר טוב|ערב טוב) {reason}
(תעביר|תעבירי) אותי (לנציג|למחלקת השירות|למחלקת חשבונות|למנהל|לבן אדם) (בבקשה|)
(תבטל|תבטלי|תשלח לי|תשלחי לי|תבדוק|תבדקי) {obj}
(תבטל|תבטלי|תשלח לי|תשלחי לי|תבדוק|תבדקי) {obj} (בבקשה|שוב|עד מחר|במייל)
{want} {act} כשאני {whenido}
{want} {act} לפני ש{condition}
{want} {act} אם {statement}
{statement} אם {condition}
{reason} כשאני {whenido}
כשאני {whenido} {mfaultsentence}
אם אני {whenido} {consequence}
{did} ובנוסף {reason}
{did} ואז {reason}
{did} עד ש{reason}
{reason} רק ש{reason}
{reason} חוץ מזה {reason}
{mthing} {relative} ו{relative} {mfault}
{fthing} {relative} לפני {period} {ffault}
{mthing} {relative} לפני {period} {mfault}
(התור|הפגישה|החשבון|הכרטיס|ההזמנה) של {whose} {past} {but}
(התור|הפגישה|החשבון|הכרטיס|ההזמנה) של {whose} (בוטל|בוטלה|לא הגיע|לא הגיעה|צריך להשתנות|עדיין לא אושר)
{whose} {did}
{whose} לא (יכול|יכולה) להגיע {future}
בפעם האחרונה ש{did} {mfaultsentence}
יש {charge} (בכרטיס|בחשבון|בחשבונית) {relative2}
אני {calling2} (בקשר ל|בנוגע ל){lthing} {relative2}
(אני|אנחנו) (עדיין|כבר|עוד) {state}
(אני|אנחנו) (עדיין|כבר|עוד) לא {state}
האם אני (עדיין|כבר) {state}
מה אני (צריך|צריכה|חייב|חייבת) {act}
{unknown}
{unknown} {unknown}
(זה|זאת) {unknown} {unknown}
קוראים לי {unknown} {unknown}
אני {calling2} לגבי {unknown}
יש לכם {unknown} {future}
(כן|לא|כן|לא|אוקיי|בסדר|טוב|נכון|בטח|סבבה|ברור|תודה|שלום|הלו|כן בטח|לא תודה|כן תודה)
(כן|לא|אוקיי|בסדר|טוב|נכון|כן כן|לא לא|בסדר גמור|כן נכון|ממש לא|עדיין לא|עוד לא|אולי|לא בטוח|לא בטוחה|מעולה|יופי)
(למה|מה|מתי|איפה|איך|כמה|מי|מי זה|מה זה|למה לא|כמה זה|מה השעה|מה פתאום|מה אמרת|סליחה|אפשר שוב)
(לא יודע|לא יודעת|אני לא יודע|אין לי|אין לי מושג|אני לא זוכר|לא זוכרת|לא צריך|לא רוצה|אני לא רוצה|זהו|זה הכול|זה לא זה|הוא לא|היא כן)
(זה אני|מי אני|גם אני|מאיפה את|איפה אתם|מי אתם|מה איתך|זה מה שאני רוצה|זה מה שרציתי|זה מה שאמרתי|זה מה שביקשתי|זה מה שיש לי)
(חכה|חכי|רגע בבקשה|תמתין|עצור|די|לא עכשיו|מספיק|אל תדבר|תפסיק|נציג|נציג בבקשה|בן אדם בבקשה|מוקד|שירות לקוחות|תמיכה טכנית)
(שם|פה|כאן|בבית|בעבודה|בסניף|בחיפה|בתל אביב|שתיים|חמש|שלוש שנים|שלוש מאות|לשני אנשים|שני אנשים|בשעה שבע שלושים|בשמונה|פעמיים)
(אני רוצה|רציתי|אפשר) (להזמין|לבטל|לקבוע) (שולחן|חדר|תור|מונית|פגישה|ביקור)
(אני רוצה|רציתי|אפשר) (להזמין|לבטל|לקבוע) (שולחן|חדר|תור|מונית|פגישה|ביקור) {future}
(אם אפשר|אם אתה יכול|אם את יכולה|אם אתם יכולים|אם לא קשה|אם אפשר בבקשה)
{statement} (אם אפשר|אם אתה יכול|אם את יכולה|אם לא קשה)
{want} {act} (אם אפשר|אם אתם יכולים|בבקשה|תודה)
(ספר|ספרי|תספר|תספרי) לי על {athing}
(ספר|ספרי|תספר|תספרי) לי (עוד|קצת|יותר) על {athing}
(תסביר|תסבירי|תראה|תראי|תקריא|תקריאי) לי את {athing}
(תן|תני) לי {stock}
(תן|תני) לי את {athing} {future}
(תחזור|תחזרי) על (זה|המספר|הכתובת|המחיר|מה שאמרת) (בבקשה|שוב|לאט|)
(אתה יכול|את יכולה|תוכל|תוכלי) (פשוט|רק|בבקשה) {actforme}
(מה|ומה) (האפשרויות|המחירים|התנאים|השעות|המסלולים) (שלי|שלכם|שלך|שם|)
סליחה מה (אמרת|היה המספר|המחיר|היה האחרון|הכתובת)
רגע אני (צריך|צריכה|רוצה) {act}
רגע יש לי שאלה
לא (לא|) זה לא (מה שאמרתי|זה|נכון|מה שביקשתי|המספר שלי)
לא אמרתי {day}
לא {day} (אלא|אני רוצה) {day}
זה (לא מה שביקשתי|מאוחר מדי|יקר מדי|לא נכון|המספר הלא נכון|לא מתאים לי|לא עוזר לי)
כבר (אמרתי|ניסיתי|שילמתי|דיברתי על) (את זה|זה|לכם|פעמיים|אתמול)
(אני כבר יודע|אני כבר יודעת|אני כבר מכיר) את זה
(עזוב|עזבי|תעצור|תעצרי|מספיק|די|שקט|חכה רגע|חכי רגע|רק רגע|סליחה רגע|לא לא|לא זה לא|עצור רגע|לא חשוב)
(תעביר|תעבירי|תן|תני) (לי|אותי) (לבן אדם|לנציג|למישהו אחר|לדבר עם מישהו) (בבקשה|)
אין לי זמן (לזה|עכשיו|לכל זה)
`
