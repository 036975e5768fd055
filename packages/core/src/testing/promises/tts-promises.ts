import { FAR_END, FAULT_PROMISES, HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a voice promises. */
export const TTS_PROMISES = {
  formats: {
    says: 'speaks in every format that it lists: sound, in whole samples, at its rate',
    at: 'TtsProvider.produces',
  },
  length: {
    says: 'gives each sound once: what was said plays as long as it takes to say it',
    at: 'TtsProvider.speak',
  },
  silence: {
    says: 'writes silence in mu-law as 0xff, never as zero bytes, which are noise',
    at: 'AudioFormat',
  },
  header: {
    says: 'gives bare samples: a WAV header at the very start at most, and no other container',
    at: 'TtsProvider.speak',
  },
  whole: { says: 'speaks a long text to its end', at: 'TtsProvider.speak' },
  nothing: { says: 'ends cleanly where there is nothing to say', at: 'TtsProvider.speak' },
  'word-times': {
    says: 'tells word times that rise and lie within the audio, those of later clauses of a reply too, where it has any',
    at: 'TtsRequest.onWord',
  },
  usage: { says: 'counts the characters of its bill in whole numbers, each once', at: 'TtsRequest.onUsage' },
  streams: { says: 'gives audio as it comes, before the last byte was sent', at: 'TtsProvider.speak' },
  unchanged: { says: 'gives on what the far end has sent, byte for byte', at: 'TtsProvider.speak' },
  'asked-format': {
    says: 'asks its far end for the format that it was asked for, where it gives on what that sends',
    at: 'TtsRequest.format',
    where: 'where the double tells `format`',
  },
  'abort-unasked': {
    says: 'asks its far end for nothing where its signal had aborted before',
    at: 'TtsProvider.speak',
    where: FAR_END,
  },
  'abort-first': {
    says: 'ends quietly and soon when its signal aborts before the first audio',
    at: 'TtsProvider.speak',
  },
  'abort-middle': {
    says: 'ends quietly and soon when its signal aborts in the middle',
    at: 'TtsProvider.speak',
  },
  stalled: {
    says: 'ends what is aborted, left or closed also where the far end says nothing',
    at: 'TtsProvider.speak',
    where: FAR_END,
  },
  cut: {
    says: 'throws a `ProviderError` when speech is cut in the middle, and never ends it as if it were whole',
    at: 'TtsProvider.speak',
    where: FAR_END,
  },
  left: { says: 'ends a request whose reader leaves', at: 'TtsProvider.speak' },
  unread: { says: 'harms nobody with a request that nobody reads', at: 'TtsProvider.speak' },
  lent: { says: 'leaves a chunk as it is until the next one is asked for', at: 'TtsProvider.speak' },
  'in-time': {
    says: 'tells word times and usage before its audio ends, and none later',
    at: 'TtsRequest.onUsage',
  },
  later: {
    says: 'speaks each clause anew and in its language, whatever it spoke before',
    at: 'TtsProvider.speak',
  },
  'voice-key': { says: 'gives its voice one name all the time', at: 'TtsProvider.voiceKey' },
  apart: { says: 'keeps clauses apart', at: 'TtsProvider.speak' },
  language: { says: 'passes on the language of the call', at: 'TtsRequest.language' },
  voice: { says: 'speaks the same text alike under one `voiceKey`', at: 'TtsProvider.voiceKey' },
  reply: {
    says: 'speaks a reply clause by clause to its end, where it has `speakReply`',
    at: 'TtsProvider.speakReply',
  },
  'reply-abort': {
    says: 'ends a reply whose clauses are still to come when its signal aborts',
    at: 'TtsProvider.speakReply',
  },
  'reply-streams': {
    says: 'speaks the first clauses of a reply while the last one is still to come, where it has `speakReply`',
    at: 'TtsProvider.speakReply',
  },
  'reply-fault': {
    says: 'throws when the clauses of a reply do, and never ends it as if it were whole',
    at: 'TtsProvider.speakReply',
  },
  warm: { says: 'warms up before speech and twice, where it has `warm`', at: 'TtsProvider.warm' },
  closes: {
    says: 'frees everything at `close` and settles, also twice and while it speaks',
    at: 'TtsProvider.close',
  },
  signals: {
    says: 'takes its listeners off a signal once what that was lent for is over',
    at: 'TtsProvider.speak',
  },
  'nothing-left': {
    says: 'leaves no socket and no timer behind, not even one that keeps no process alive',
    at: 'TtsProvider.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
