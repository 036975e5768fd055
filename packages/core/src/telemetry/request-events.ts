/**
 * Events about single requests to providers, each told once, when the request is over: a part of
 * `CALL_EVENTS`. What a trace and a waterfall of a turn are made of. Times are whole ms since the call began.
 */
export const REQUEST_EVENTS = {
  llm_request: {
    level: 'debug',
    message: '🤖 LLM: request over',
    about:
      'One request to a model (`plugin`) for a `turn`: sent at `asked_ms`, its first words or tool call at `first_ms` (absent: none came). `outcome`: `answered`, `failed` (with `code`) or `cancelled`. `input_tokens` and `output_tokens` where the model counts them. Of a speech-to-speech model one answer, from its beginning until no more of it is made, with `output: speech`.',
  },
  tts_request: {
    level: 'debug',
    message: '🗣️ TTS: request over',
    about:
      'One request to a voice (`plugin`), a clause or a stream of them, for a `turn`: sent at `asked_ms`, its first audio at `first_ms` (absent: none came). `outcome` as in `llm_request`. Texts from the speech cache need none.',
  },
} as const
