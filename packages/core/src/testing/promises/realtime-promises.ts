import { FAR_END, FAULT_PROMISES, HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a speech-to-speech model promises. */
export const REALTIME_PROMISES = {
  formats: { says: 'carries the formats that it lists', at: 'RealtimeProvider.formats' },
  hears: { says: 'hears a turn and writes down what the caller said', at: 'RealtimeEvent' },
  answers: { says: 'answers a turn aloud and writes down what it said', at: 'RealtimeEvent' },
  replies: {
    says: 'opens and closes every reply once, one at a time, its audio inside',
    at: 'RealtimeEvent',
  },
  partials: { says: 'gives the whole text of an item so far in each partial', at: 'RealtimeEvent' },
  offsets: { says: 'counts offsets in milliseconds of audio written to the session', at: 'RealtimeEvent' },
  silence: {
    says: 'speaks mu-law whose silence is 0xff, never zero bytes, which are noise',
    at: 'AudioFormat',
  },
  usage: { says: 'counts tokens in whole numbers, cached ones among those that went in', at: 'LlmUsage' },
  lent: { says: 'copies what it keeps of the bytes that `write` is lent', at: 'RealtimeSession.write' },
  later: {
    says: 'hears each session anew and alike, whatever was said in those before it',
    at: 'RealtimeProvider.openSession',
  },
  once: { says: 'tells each final and each call of a tool once', at: 'RealtimeEvent' },
  'usage-once': { says: 'tells each token of its bill once: since the last `usage`', at: 'LlmUsage' },
  'lent-audio': {
    says: 'leaves audio as it is until the next event is asked for',
    at: 'RealtimeEvent',
  },
  history: { says: 'passes on what was said before the session', at: 'RealtimeSessionOptions.history' },
  heard: {
    says: 'passes on how much of an interrupted reply was heard',
    at: 'RealtimeSession.interrupt',
    where: FAR_END,
  },
  say: { says: 'says what it is told to, one after the other', at: 'RealtimeSession.say' },
  interrupt: {
    says: 'ends the reply at an interruption, and delivers no more of its audio',
    at: 'RealtimeSession.interrupt',
  },
  'idle-interrupt': {
    says: 'takes an interruption of nothing without harm',
    at: 'RealtimeSession.interrupt',
  },
  keys: {
    says: 'answers keys that are entered behind a running reply, where it has `enter`',
    at: 'RealtimeSession.enter',
  },
  notes: {
    says: 'takes a note without a word, where it has `note`',
    at: 'RealtimeSession.note',
  },
  resume: {
    says: 'goes on once with a reply that a noise stopped, where it has `resume`',
    at: 'RealtimeSession.resume',
  },
  tools: { says: 'offers every tool, calls one and answers by its result', at: 'RealtimeSession.toolResult' },
  'late-results': {
    says: 'tells a result that comes late behind what is being said',
    at: 'RealtimeSession.toolResult',
  },
  'finish-ends': { says: 'ends its events after `finish`', at: 'RealtimeSession.finish' },
  'close-quiet': {
    says: 'delivers no event once `close` was called, and throws at nothing',
    at: 'RealtimeSession.close',
  },
  abort: {
    says: 'ends the opening, and an open session, quietly when its signal aborts, and throws at nothing from then on',
    at: 'RealtimeSessionOptions.signal',
  },
  stalled: {
    says: 'ends what is aborted or closed also where the far end says nothing',
    at: 'RealtimeSessionOptions.signal',
    where: FAR_END,
  },
  cut: {
    says: 'tells of a reply that is cut in the middle: lost, failed, or a throw; never done',
    at: 'RealtimeEvent',
    where: FAR_END,
  },
  'write-safe': {
    says: 'throws at nothing, `write` above all, when its connection broke and when it has died of that',
    at: 'RealtimeSession.write',
    where: FAR_END,
  },
  reconnects: {
    says: 'goes on by itself when its connection was cut: on another one, with the conversation and the answer that is owed',
    at: 'RealtimeSession',
    where: FAR_END,
  },
  instructions: { says: 'passes on the instructions', at: 'RealtimeSessionOptions.instructions' },
  language: { says: 'passes on the language of the session', at: 'RealtimeSessionOptions.language' },
  apart: { says: 'keeps sessions apart', at: 'RealtimeProvider.openSession' },
  closes: {
    says: 'ends the sessions that are open at `close`, and settles, also twice',
    at: 'RealtimeProvider.close',
  },
  left: { says: 'lets the reader of its events leave at any moment', at: 'RealtimeSession.events' },
  spelling: {
    says: 'has no field, itself or in its sessions, that only reads like one of its kind',
    at: 'RealtimeProvider.openSession',
  },
  signals: {
    says: 'takes its listeners off a signal once what that was lent for is over',
    at: 'RealtimeSessionOptions.signal',
  },
  'nothing-left': {
    says: 'leaves no socket and no timer behind, not even one that keeps no process alive',
    at: 'RealtimeProvider.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
