/** Stage directions, `*laughs*`, `(smiling warmly)`, `[pause]`: what a voice should do, no words for it to say. */

import { isChoice } from './bracketed.ts'

/** Said of nobody but a speaker, wherever it stands. */
const SOUNDS = `
  laughs laughing chuckles chuckling giggles giggling sighs sighing gasps gasping grinning clears clearing coughing
  sniffles inaudible lachend lächelnd seufzt seufzend kichert schmunzelt räuspert sonriendo suspira suspirando carraspea
  souriant soupire ridendo sorridendo sospira annuisce glimlachend grinnikt fluistert rindo acena смеётся смеется
  вздыхает кивает шепчет מחייך מחייכת נאנח נאנחת מהנהן מהנהנת לוחש לוחשת يبتسم تبتسم يتنهد تتنهد يهمس`
/** May also be a word of the sentence, as in "Press *pause*" and "We sell *smiles* every day". */
const MOVES = `
  laugh laughter chuckle giggle sigh gasp grin grins smirks coughs sniffs sobs groans whispers whispering hums winks
  winking waves bows frowns yawns blushes applause smile smiles smiling nod nods nodding pause pauses pausing shrug shrugs shrugging beat silence noise
  noises hangs breath breathes breathing inhales exhales music beep typing thinking static
  lacht lächelt flüstert nickt pausiert stille pauze pausa ríe risas sonríe asiente susurra rit rires sourit chuchote
  ride risate sorride sussurra glimlacht zucht knikt ri risos sorri silencio silenzio stilte silêncio
  улыбается смех пауза тишина молчание צוחק צוחקת הפסקה שתיקה הפוגה يضحك تضحك ضحك صمت توقف وقفة`
/** First words of a longer direction between stars: `*checks the calendar*`. */
const ACTIONS = `
  checks checking looks looking pulls pulling types taps tapping opens leans leaning adjusts scrolls takes turns puts picks
  waits waiting thinks listens listening searches searching speaks speaking raises tilts rubs holds flips reads claps
  schaut sucht tippt prüft holt mira busca revisa teclea regarde cherche vérifie guarda cerca controlla kijkt zoekt
  olha procura verifica смотрит ищет проверяет печатает בודק בודקת מקליד מקלידה מחפש מחפשת يبحث تبحث يتحقق`
/** May stand before a direction: "(soft chuckle)", "(long pause)", "(in a warm tone)". */
const BEFORE = `
  a an the in with background short brief long slight slightly small soft softly gentle gently light warm warmly quiet quietly deep
  nervous nervously awkward she he i they kurze kurz lange leicht leise breve corta larga long court courte petit kleine
  korte breve curta longa короткая долгая краткая הפסקה`
const AFTER = `
  for a an the moment second seconds sec secs s ms minute effect while briefly again and at you caller to her his himself
  herself throat head breath deep sich den hals nach leise kurz een sound sounds noise noises in background hold on of with
  relief tone voice warm friendly cheerful calm soft gentle empathetic excited happy sad professional sympathetic slowly
  reassuring apologetic upbeat playing thoughtfully up`
/** Manner alone: "(warmly)", "[cheerful]", "[in a friendly voice]". */
const MANNER = `
  warmly softly gently cheerfully cheerful quietly excitedly excited sympathetically enthusiastically calmly kindly
  thoughtfully nervously playfully apologetically politely reassuringly empathetically sarcastically tone voice`

/** How it is said, where a sentence begins: "[happy] Great!", "(con voz amable) Sí.", "(checking) Yes." */
const MOODS = `
  happy sad angry calm friendly warm curious surprised confused concerned neutral energetic serious enthusiastic
  professional empathetic sympathetic apologetic sarcastic whispered shouting crying singing enthusiasm concern empathy
  warmth excitement checking searching loading processing fröhlich freundlich traurig ruhig ernst begeistert alegre triste
  amable tranquilo joyeux gai chaleureux doucement allegro gentile vrolijk vriendelijk gentil весело радостно тихо בשמחה
  ברכות بسعادة بهدوء`
const MOOD_BESIDE = "very d'un un ton une voix con voz tono mit stimme voce met stem um tom голосом בקול"
/** What a speaker of a call looks into: "(checks calendar)", "[types on keyboard]". */
const OBJECTS = `
  calendar schedule system notes screen computer database records keyboard file files list account appointments
  availability bookings kalender system agenda calendrier calendario`
/** What is done with the call: "[END CALL]", "(hangs up)", "[Transferring call]". */
const CALL_ENDS = `
  end ends ended ending endcall hang hangs hangup hanging transfer transfers transferring transferred disconnect
  disconnects disconnected`
const CALL_BESIDE = 'call the of up conversation session to agent human'

const set = (...lists: readonly string[]): ReadonlySet<string> =>
  new Set(
    lists
      .join(' ')
      .split(/\s+/u)
      .filter((word) => word !== ''),
  )
const SOUND_WORDS = set(SOUNDS)
const HEADS = set(SOUNDS, MOVES, MANNER)
const ACTION_WORDS = set(ACTIONS)
const LEADING = set(BEFORE)
const FOLLOWING = set(AFTER, BEFORE, SOUNDS, MOVES, MANNER)
const MOOD_WORDS = set(MOODS)
const MOOD_PHRASE = set(MOODS, MOOD_BESIDE, BEFORE, AFTER, MANNER)
const OBJECT_WORDS = set(OBJECTS)
const CALL_WORDS = set(CALL_ENDS)
const CALL_PHRASE = set(CALL_ENDS, CALL_BESIDE)
/** "(Music nightly)" tells of no voice. */
const NO_MANNER = /^(?:hour|dai|night|week|month|year|on|ear|ju|fami|rep|app|supp)ly$/u
const MAX_WORDS = 8

const BRACKETED = /\(([^()[\]\n]{2,60})\)|\[([^()[\]\n]{2,60})\](?!\()|（([^（）\n]{2,60})）/gu
const STARRED = /(?<![*~\p{L}\p{N}])(\*{1,3}|_{1,2}|~{1,2})(?=\p{L})([^*_~\n]{2,60})\1(?![*~\p{L}\p{N}])/gu

/** So much of the sentence is looked at, before and behind. */
const BESIDE_CHARS = 40

export function stripStageDirections(text: string): string {
  return text
    .replace(STARRED, (whole, _mark: string, inner: string, at: number, all: string) =>
      isEmphasis(inner, all.slice(at + whole.length)) || !isActed(inner, isAside(all, at)) ? whole : '',
    )
    .replace(BRACKETED, (whole, ...groups: (string | number | undefined)[]) => {
      const [round, square, wide] = groups as [string?, string?, string?]
      const [at, all] = groups.slice(-2) as [number, string]
      const inner = round ?? square ?? wide ?? ''
      if (square !== undefined && isChoice(all, at)) return whole
      if (isBeforeSentence(inner, all, at)) return ''
      const words = wordsOf(inner)
      if (!isDirection(words)) return whole
      const mayBeSaid = square === undefined && !words.some((word) => SOUND_WORDS.has(word))
      return mayBeSaid && closesClause(all, at, at + whole.length) ? whole : ''
    })
}

function wordsOf(inner: string): readonly string[] {
  return inner
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}'’]+/u)
    .filter((word) => word !== '')
}

/** Nothing in it but a direction. */
function isDirection(words: readonly string[]): boolean {
  const from = words.findIndex((word) => !LEADING.has(word) || HEADS.has(word))
  const head = words[from]
  if (head === undefined || words.length > MAX_WORDS) return false
  const rest = words.slice(from + 1)
  if (HEADS.has(head)) return rest.every(isFollowing)
  return (HEADS.has(rest.at(-1) ?? '') || isSpeaking(head, rest)) && [head, ...rest].every(isFollowing)
}

function isSpeaking(head: string, rest: readonly string[]): boolean {
  return ACTION_WORDS.has(head) && rest.length > 0
}

function isFollowing(word: string): boolean {
  if (FOLLOWING.has(word) || ACTION_WORDS.has(word) || /^\d+(?:ms|s)?$/u.test(word)) return true
  return /.ly$/u.test(word) && !NO_MANNER.test(word)
}

/** A mood, an act at the desk, or an end of the call: told apart from the sentence only where none is begun. */
function isBeforeSentence(inner: string, text: string, at: number): boolean {
  const words = wordsOf(inner)
  if (words.length > MAX_WORDS) return false
  const all = (of: ReadonlySet<string>): boolean => words.every((word) => of.has(word))
  const some = (of: ReadonlySet<string>): boolean => words.some((word) => of.has(word))
  if (endsCall(words) && inner === inner.toUpperCase()) return true
  if (!beginsSentence(text.slice(Math.max(0, at - BESIDE_CHARS), at))) return false
  return (
    endsCall(words) ||
    (all(MOOD_PHRASE) && some(MOOD_WORDS)) ||
    (ACTION_WORDS.has(words[0]!) && some(OBJECT_WORDS))
  )
}

function beginsSentence(before: string): boolean {
  const rest = before.trimEnd()
  return rest === '' || before.includes('\n', rest.length) || /[.!?…]["”»]?$/u.test(rest)
}

function endsCall(words: readonly string[]): boolean {
  return words.every((word) => CALL_PHRASE.has(word)) && words.some((word) => CALL_WORDS.has(word))
}

/** `*Pause* button`, `**End call**: press it`: the sentence goes on with it. */
function isEmphasis(inner: string, behind: string): boolean {
  if (!/^\p{Lu}/u.test(inner) || wordsOf(inner).some((word) => SOUND_WORDS.has(word))) return false
  return /^(?:\s\p{Ll}|:)/u.test(behind)
}

/** Between stars a sound goes on freely: `*sighs and looks at the screen*`. */
function isActed(inner: string, aside: boolean): boolean {
  const words = wordsOf(inner)
  if (aside && endsCall(words)) return true
  if (isDirection(words)) return aside || words.some((word) => SOUND_WORDS.has(word))
  const head = words.find((word) => !LEADING.has(word))
  if (head === undefined || words.length < 2 || words.length > MAX_WORDS || !aside) return false
  return SOUND_WORDS.has(head) || HEADS.has(head) || ACTION_WORDS.has(head)
}

/** "the second button (pause)." */
function closesClause(text: string, at: number, end: number): boolean {
  return !isAside(text, at) && /^(?:[\s"”»]*$|[.,;:!?])/u.test(text.slice(end, end + BESIDE_CHARS))
}

/** Beside the sentence, not a word of it. */
function isAside(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - BESIDE_CHARS), at).trimEnd()
  return before === '' || /[.!?…,;—–"”)\]]$/u.test(before)
}
