/** Events about what keeps a recognition open: a part of `CALL_EVENTS`. */
export const STT_EVENTS = {
  stt_open_failed: {
    level: 'warn',
    message: 'STT_SESSION: opening failed',
    about: 'One try on one route failed; the next follows by the rules of the STT link.',
  },
  stt_opening_hedged: {
    level: 'warn',
    message: 'STT_SESSION: slow to open, another try beside it',
    about:
      'An opening was pending for 1.5 s: the try told of here began beside it. The first that is ready is used.',
  },
  stt_fell_back: {
    level: 'warn',
    message: 'STT_SESSION: fell back',
    about: 'The provider or region that was tried first did not open; `to` hears the call.',
  },
  stt_lost: {
    level: 'warn',
    message: 'STT_SESSION: lost, reopening',
    about: 'The session died in mid-call; audio since the last final will be repeated.',
  },
  stt_rotated: {
    level: 'info',
    message: 'STT_SESSION: rotated',
    about:
      'A new session took over: `reason` is `session-limit`, `silent-through-speech`, the `language` that was switched to, or ' +
      'what the recogniser says of itself.',
  },
  stt_recognize_per_utterance: {
    level: 'error',
    message: 'STT_SESSION: none would open, recognizing utterance by utterance',
    about:
      'All routes failed. With `possible: false` no provider can recognize single utterances: the call is deaf.',
  },
  stt_utterance_recognized: {
    level: 'info',
    message: 'STT_SESSION: utterance recognized',
    about: 'One utterance was recognized in one request.',
  },
  stt_utterance_failed: {
    level: 'warn',
    message: 'STT_SESSION: utterance not recognized',
    about: 'The request for one utterance failed.',
  },
  stt_duplicate_final: {
    level: 'debug',
    message: 'STT_SESSION: repeated final ignored',
    about:
      'The provider repeated a segment that was already told: after a replay, or nobody had spoken since the last final.',
  },
  stt_final_unclear: {
    level: 'info',
    message: '👤 USER: not understood',
    about:
      'The recogniser is less sure of these words than `unclear.min_confidence`: they are no turn, and the caller is asked again where nobody speaks.',
  },
  stt_last_words_unheard: {
    level: 'warn',
    message: 'STT_SESSION: last words unheard',
    about:
      'The call is over, and what the caller said last was not heard to its end: it was waited for so long (`waited_ms`). `unread_ms`: so much of their audio no recogniser had been given by then; 0: it had all, and did not say its last words.',
  },
} as const
