// Closed classes of words that stand before or in a pause, by which more examples are made.

const wordsOf = (list) => new Set(list.trim().split(/\s+/u))
const phrasesOf = (list) =>
  list
    .trim()
    .split(/\s*[,\n]\s*/u)
    .map((phrase) => phrase.split(' '))

export const WORDS_THAT_GO_ON = {
  en: {
    paused: wordsOf(
      'and but or so because if when that which who with for from on at in to by about after before until since um uh er',
    ),
    hesitations: phrasesOf(`
      um, um, uh, uh, er, hmm, well, like, you know, i mean, let's see, let me see, let me think, what was it, so um,
      what's it called, what's the word, how do i say, how do i put it, i think, i guess, sort of, kind of, basically,
      actually, hold on, just a second, one second, give me a second, give me a moment, just, maybe, probably, and um, the uh`),
    conjunctions: phrasesOf(`
      and, and, but, but, or, or, so, because, since, then, and then, but then, plus, although, though, however, unless, except,
      while, whereas, or else, and also, also, which, which means, in case, so that, until, before, after, when, where, if,
      as soon as, even though, only, but only, and if, because then, and i, but i, so i, so we, and when, and that, or maybe`),
  },
  he: {
    paused: wordsOf('ו או אבל כי אז אם עם על של ש לפני אחרי בגלל את לגבי'),
    hesitations: phrasesOf(`
      אה, אה, אממ, אמ, אהמ, המ, נו, כאילו, נגיד, בוא נגיד, כזה, כזאת, תן לי לחשוב, תני לי לחשוב, רגע, רגע אחד, שנייה, שנייה אחת,
      איך אומרים, איך קוראים לזה, איך להגיד, מה זה היה, מה המילה, אני חושב, אני חושבת, נראה לי, בעצם, בערך, אולי, פשוט, למשל,
      יעני, סוג של, איך אני אגיד את זה`),
    conjunctions: phrasesOf(`
      ו, אבל, אבל, או, או, אז, כי, כי, ואז, ואז, וגם, ובנוסף, חוץ מזה, רק ש, אלא ש, אלא אם, למרות ש, עד ש, לפני ש, אחרי ש,
      בגלל ש, מאז ש, אם, כש, כשאני, ואני, אבל אני, כי אני, שאני, אז אני, ואם, וכש, רק, אבל רק, אחרת, או אולי, ואולי, במקרה ש, כדי,
      כדי ש, וזה, אבל זה, כי זה, שזה, בזמן ש`),
  },
}
