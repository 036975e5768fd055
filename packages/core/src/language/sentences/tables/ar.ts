import type { SentenceWords } from './sentence-words.ts'

/** Titles are single letters, which need no entry but behind a joined "and". */
export const ARABIC: SentenceWords = {
  never: 'أ.د د.م ص.ب ود وأ وم وأ.د',
  name: 'هـ ق.م',
  number: 'تحويلة رقم هاتف مج شقة',
  end: 'إلخ الخ',
  starters: `
    هل ما ماذا من متى أين كيف لماذا كم أي أنا نحن أنت أنتم هو هي هم هذا هذه ذلك تلك هنا هناك نعم لا شكرا شكرًا عفوا
    مرحبا أهلا حسنا ثم لكن ولكن إذا الآن اليوم غدا لدينا لدي عندنا يمكنك يمكنني هناك كان كانت سوف لقد قد من فضلك تفضل
    يرجى انتظر`,
}
