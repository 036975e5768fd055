import { FAR_END, FAULT_PROMISES, HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a recogniser promises. */
export const STT_PROMISES = {
  formats: { says: 'takes the formats that it lists', at: 'SttProvider.accepts' },
  'each-format': {
    says: 'hears speech in each format that it lists, and tells its far side which one it sends',
    at: 'SttSessionOptions.format',
    where: 'where the double tells `format`, or listens (`speechIn`)',
  },
  words: { says: 'gives back the words of known speech as finals', at: 'SttEvent' },
  'final-once': { says: 'tells each segment once, in one final', at: 'SttEvent' },
  'partial-final': { says: 'closes every partial with a final', at: 'SttEvent' },
  'partial-whole': { says: 'tells in each partial the whole text of its segment so far', at: 'SttEvent' },
  'known-events': { says: 'tells events of known types and shapes, with shares from 0 to 1', at: 'SttEvent' },
  order: {
    says: 'tells finals in the order of their audio, and where speech stops only after it started',
    at: 'SttEvent',
  },
  offsets: {
    says: 'counts offsets in milliseconds of audio written to this session, from its first byte',
    at: 'SttEvent',
  },
  'word-times': {
    says: 'gives all words of a text, in order, with times within the audio, where it gives any',
    at: 'SttWord',
  },
  alternatives: { says: 'does not repeat the text itself among its alternatives', at: 'SttEvent' },
  'turn-events': {
    says: 'tells the end of a turn behind its words, and takes back only one that was not sure',
    at: 'SttEvent',
  },
  'turn-detection': {
    says: 'tells ends of turns where it says that it does, and there alone',
    at: 'SttProvider.detectsTurns',
  },
  usage: { says: 'counts for its bill what was written, each millisecond once', at: 'SttEvent' },
  partials: { says: 'tells no partial where it says that it has none', at: 'SttProvider.partials' },
  'last-word': {
    says: 'delivers the last final after `finish`, which may follow the last word at once',
    at: 'SttSession.finish',
  },
  'finish-ends': { says: 'ends its events after `finish`', at: 'SttSession.finish' },
  'write-safe': {
    says: 'never throws from `write`, which does nothing after `finish` and `close`',
    at: 'SttSession.write',
  },
  lent: { says: 'copies what it keeps of the bytes that `write` is lent', at: 'SttSession.write' },
  'any-size': {
    says: 'takes audio in pieces of any size, whole, in order and unchanged',
    at: 'SttSession.write',
  },
  silence: {
    says: 'adds no zero bytes to mu-law, where they are noise: silence is 0xff',
    at: 'SttSession.write',
  },
  'close-quiet': { says: 'delivers no event once `close` was called', at: 'SttSession.close' },
  'close-resolves': {
    says: 'resolves `close` always, also twice, also where nobody reads',
    at: 'SttSession.close',
  },
  closing: { says: 'says `closing` only of a session that is about to end', at: 'SttEvent' },
  later: {
    says: 'hears in each session like in the first, and begins none with the words of another caller',
    at: 'SttProvider.openSession',
  },
  apart: { says: 'keeps sessions apart', at: 'SttProvider.openSession' },
  'abort-opening': { says: 'ends the opening soon when its signal aborts', at: 'SttSessionOptions.signal' },
  'abort-open': {
    says: 'ends an open session quietly when its signal aborts',
    at: 'SttSessionOptions.signal',
  },
  stalled: {
    says: 'ends what is aborted or closed also where the far end says nothing',
    at: 'SttSessionOptions.signal',
    where: FAR_END,
  },
  left: { says: 'lets the reader of its events leave at any moment', at: 'SttSession.events' },
  cut: {
    says: 'throws a `ProviderError` from its events when the session dies, and never just ends',
    at: 'SttSession.events',
    where: FAR_END,
  },
  hints: { says: 'passes on the phrases that the conversation expects', at: 'SttSessionOptions.hints' },
  language: { says: 'passes on the language of the session', at: 'SttSessionOptions.language' },
  region: {
    says: 'opens a session in the region that it is told, of those that it lists',
    at: 'SttSessionOptions.region',
    where: 'where it lists any, and the double tells `region`',
  },
  recognize: {
    says: 'hears one utterance in one request, where it has `recognize`',
    at: 'SttProvider.recognize',
  },
  'recognize-abort': { says: 'ends a request soon when its signal aborts', at: 'SttProvider.recognize' },
  closes: {
    says: 'frees everything at `close` and settles, also twice and with sessions open',
    at: 'SttProvider.close',
  },
  spelling: {
    says: 'has no field, itself or in its sessions, that only reads like one of its kind',
    at: 'SttProvider.openSession',
  },
  signals: {
    says: 'takes its listeners off a signal once what that was lent for is over',
    at: 'SttSessionOptions.signal',
  },
  'nothing-left': {
    says: 'leaves no socket and no timer behind, not even one that keeps no process alive',
    at: 'SttProvider.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
