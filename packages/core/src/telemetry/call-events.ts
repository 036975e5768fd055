import { OPERATOR_EVENTS } from './operator-events.ts'
import { OUTBOUND_EVENTS } from './outbound-events.ts'
import { PLUGIN_EVENTS } from './plugin-events.ts'
import { REDACTION_EVENTS } from './redaction-events.ts'
import { TOOL_EVENTS } from './tool-events.ts'
import { REQUEST_EVENTS } from './request-events.ts'
import { STT_EVENTS } from './stt-events.ts'
import { VOICE_EVENTS } from './voice-events.ts'

/**
 * Every event of a call: how loud it is, its constant text, and what it means. `docs/events.md` is generated from
 * this table. Each event is a log line, a count in `call_events_total{event}`, and an entry of the call's record.
 */
export interface CallEventKind {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly about: string
}

export const CALL_EVENTS = {
  call_started: { level: 'info', message: '📞 CALL: started', about: 'The transport handed over a call.' },
  rx_started: { level: 'info', message: '🎧 RX_WORKER: Started', about: 'Caller audio is being taken in.' },
  tx_started: { level: 'info', message: '📡 TX_WORKER: Started', about: 'The way to the caller is open.' },
  stt_init_requested: {
    level: 'info',
    message: '🟢 STT_SESSION: init requested',
    about: 'A recognition is being opened; the rx-queue holds the audio until it is ready.',
  },
  stt_ready: {
    level: 'info',
    message: '🟢 STT_SESSION: ready',
    about:
      'Recognition takes audio. `plugin` and `region` say which route took the call, `open_ms` how long it took; `partials: false` stands for one that says nothing before an utterance is over.',
  },
  greeting_queued: {
    level: 'info',
    message: '🔊 GREETING: queued',
    about: 'The greeting is on its way to the caller.',
  },
  greeting_end: {
    level: 'info',
    message: '🔊 greeting_end',
    about:
      'The greeting is over. `outcome` `heard`: its mark came back. `heard` where the caller did not hear all of it.',
  },
  partial: {
    level: 'info',
    message: '🟡 [PARTIAL]',
    about: 'Words that may still change, after `PARTIAL_DEBOUNCE_MS`.',
  },
  final: {
    level: 'info',
    message: '✅ [FINAL]',
    about:
      'A segment is settled. It does not end the turn by itself. `confidence` where the recogniser gives one; what else ' +
      'it may have been stands with the text.',
  },
  turn_ended: {
    level: 'info',
    message: '👤 TURN: ended',
    about:
      'The caller is done; a reply starts on `text`. `speech_end_ms`: when their voice ended, where it is known.',
  },
  turn_corrected: {
    level: 'info',
    message: '👤 TURN: corrected',
    about:
      'A late final changed the words of the turn; the reply starts anew (`restarted`, and `speech_end_ms` where it is known) unless it is already being heard.',
  },
  reply_started: { level: 'info', message: '🤖 REPLY: started', about: 'The model was asked.' },
  agent_said: {
    level: 'info',
    message: '🗣️ AGENT',
    about:
      'One clause is about to be spoken. Turn 0 is the greeting; texts of the configuration count down from -1.',
  },
  reply_ended: {
    level: 'info',
    message: '🤖 REPLY: ended',
    about:
      'A reply is over. `outcome`: `heard` to its end, `silent` (the tools were all of it), `failed` (the fallback line or nothing was heard), `cut` by the end of the call.',
  },
  turn_latency: {
    level: 'info',
    message: '⏱️ LATENCY',
    about:
      'Of one turn, ms from the end of speech: `turn_end_ms`, `first_token_ms`, `first_audio_ms`, `first_frame_ms` ' +
      '(on the wire). Negative never; absent where the step did not happen, and all where nobody’s voice was heard in the turn.',
  },
  interrupted: {
    level: 'info',
    message: '✋ INTERRUPTED',
    about:
      'The caller spoke over the agent, or an operator stopped it (`by`): the reply was cancelled and `clear` sent. ' +
      '`heard` is what the caller heard, `after_speech_ms` how soon after their voice began the agent fell silent; ' +
      'absent where no voice did it (words alone, an operator).',
  },
  prompt_ended: {
    level: 'info',
    message: '🤖 PROMPT: ended',
    about:
      'A text of the configuration (a question to an idle caller, the farewell), or of an operator, is over. `heard` where the caller did not hear all of it.',
  },
  paused: {
    level: 'info',
    message: '✋ REPLY: paused',
    about:
      'The caller’s voice stopped the agent; words will tell whether for good. `heard` is what they heard so far.',
  },
  resumed: {
    level: 'info',
    message: '🤖 REPLY: resumed',
    about: 'No words came (a noise, a cough): the reply goes on from where the caller last heard it.',
  },
  caller_voice: {
    level: 'debug',
    message: '🎙️ VOICE: the caller’s',
    about:
      'The voice detector heard the caller from `start_ms` to `end_ms` of the call. In the record it stands under `voice`.',
  },
  agent_voice: {
    level: 'debug',
    message: '🎙️ VOICE: the agent’s',
    about:
      'The agent’s voice was in the caller’s ear from `start_ms` to `end_ms` of the call, by the playout clock. In the record it stands under `voice`.',
  },
  noise: {
    level: 'info',
    message: '🔈 VOICE: taken for noise',
    about:
      'Voice went on, or came again and again, without new words (`turns.noise_after_ms`): the agent goes on, and words ' +
      'alone count until the line has been quiet.',
  },
  filler_spoken: {
    level: 'info',
    message: '🤖 FILLER',
    about:
      'The answer is late, and the caller hears `conversation.filler` meanwhile; `waited_ms` from the end of the turn to its first audio. A filler while a tool runs is told as `agent_said` alone. Also counted in `kav_fillers_spoken_total`.',
  },
  filler_withheld: {
    level: 'debug',
    message: '🤖 FILLER: not needed',
    about:
      'A filler was due `waited_ms` after the turn, and was left out since the answer was near; `then_ms` later the model’s first words were there, or the reply was given up. Also counted in `kav_fillers_withheld_total`.',
  },
  prepared_discarded: {
    level: 'debug',
    message: '🤖 REPLY: prepared in vain',
    about:
      'A reply begun before the turn had surely ended was thrown away; `tokens` counts what the model had written.',
  },
  marks_missing: {
    level: 'warn',
    message: '📡 MARKS: none comes back, the playout clock stands for them',
    about:
      'A mark was `overdue_ms` late: the far end returns none (`ever: false`), or no more. Until one comes back in time, ' +
      'audio is taken for heard when the far end should have played it, so what was `heard` is foretold and not proven.',
  },
  marks_back: {
    level: 'info',
    message: '📡 MARKS: they come back again',
    about: 'A mark came back in time after `marks_missing`: they are waited for again.',
  },
  dtmf: { level: 'info', message: '🔢 DTMF', about: 'The caller pressed a key.' },
  keys_unheard: {
    level: 'warn',
    message: '🔢 DTMF: the model takes no keys',
    about:
      'A speech-to-speech session takes sound alone: keys stop the agent where `dtmf.interrupts` says so, and the ' +
      'model is not told of them. Once per call.',
  },
  hang_up_requested: { level: 'info', message: '📴 HANG_UP: requested', about: 'The agent ends the call.' },
  usage: {
    level: 'info',
    message: '🧾 USAGE',
    about:
      'At the end of the call, what a provider (`kind`, `plugin`) has done for it: `audio_ms` heard, `characters` spoken, ' +
      '`input_tokens` (of these `cached_input_tokens`) and `output_tokens`. `counted_by`: the `provider`, as its bill will ' +
      'say; the `core`, which counts what it gave; or `both`, in parts. Models count themselves, or are not told of.',
  },
  call_ended: { level: 'info', message: '📞 CALL: ended', about: 'The call is over; totals of the call.' },
  rx_second: {
    level: 'info',
    message: '[RX]',
    about:
      'Once a second: frames received in it, depth of the rx-queue, frames dropped so far, mean time of a write to ' +
      'STT. The line holds the figures: `[RX] fps_in=50 q=6 drops=0 write_ms=0.3`.',
  },
  tx_second: {
    level: 'info',
    message: '[TX]',
    about:
      'Once a second: frames sent in it, depth of the tx-queue, frames dropped so far, underruns so far.',
  },
  ...STT_EVENTS,
  turn_end_missed: {
    level: 'info',
    message: '👤 TURN: the recogniser did not end it',
    about:
      'By `turns.by: stt` the recogniser says when the caller is done, and for `turns.stt_wait_ms` of silence it did not: the turn ends all the same. After two in a row the rules decide until it tells again.',
  },
  ...OPERATOR_EVENTS,
  ...OUTBOUND_EVENTS,
  ...PLUGIN_EVENTS,
  ...VOICE_EVENTS,
  ...REDACTION_EVENTS,
  ...REQUEST_EVENTS,
  stt_final_missing: {
    level: 'info',
    message: 'STT_SESSION: final missing',
    about:
      'The caller was silent and no final closed the last partial: it is taken for one. Of every utterance: the recogniser tells no finals.',
  },
  vad_failed: {
    level: 'error',
    message: 'VAD: failed',
    about: 'A batch was not rated; turns end by words alone.',
  },
  turn_detector_failed: {
    level: 'error',
    message: 'TURN: the detector failed',
    about: 'It does not judge the silences of this call any more; turns end by words and TIMEOUT_MS.',
  },
  llm_failed: {
    level: 'error',
    message: 'LLM: failed',
    about: 'The reply’s model request failed; the fallback line is spoken.',
  },
  llm_text_withheld: {
    level: 'debug',
    message: 'LLM: text that is no words',
    about:
      'The answer held more than words, and none of it is spoken: `thought_chars` of thoughts, `tokens` of the chat ' +
      'template, `calls` of tools written into the text, which are made.',
  },
  llm_call_unread: {
    level: 'warn',
    message: 'LLM: a written tool call was not made',
    about:
      'The model wrote `calls` tool calls into its text that no declared tool fits, or that cannot be read. They are not ' +
      'spoken. A server with a tool parser for this model, or another model, helps.',
  },
  llm_thought_spoken: {
    level: 'warn',
    message: 'LLM: a thought was taken for words',
    about:
      'The answer began with a thought whose opening tag the chat template had written, which only its end told: `chars` ' +
      'of it went to the voice. It is known from now on: answers of `provider` are held back until the thought is over.',
  },
  tts_failed: { level: 'error', message: 'TTS: failed', about: 'A clause could not be synthesised.' },
  llm_fell_back: {
    level: 'warn',
    message: 'LLM: fell back',
    about:
      'The model `from` failed before its first word; `to`, another of `fallback`, is asked for this turn.',
  },
  tts_fell_back: {
    level: 'warn',
    message: 'TTS: fell back',
    about:
      'The voice `from` failed before its first audio; `to`, another of `fallback`, is asked for this clause.',
  },
  provider_passed_over: {
    level: 'info',
    message: 'PROVIDER: passed over',
    about:
      'A provider that is known to be down (`from`) was not asked, since `to` is well. Once per call and pair; ' +
      'every time in `kav_provider_passed_over_total`.',
  },
  tts_stream_fell_back: {
    level: 'warn',
    message: 'TTS: stream fell back',
    about: 'A reply spoken as one stream failed before its first audio; it is spoken clause by clause.',
  },
  ...TOOL_EVENTS,
  amount_cut: {
    level: 'warn',
    message: '✂️ CUT: more than is taken',
    about:
      'A provider or the caller sent more of `what` than a call takes (`limit`, in its unit); what is beyond was left ' +
      'out: see [operating](operating.md#how-much-of-everything). With `turn` each time, else once per call and ' +
      '`what`; every time in `kav_amounts_cut_total`.',
  },
  history_forgotten: {
    level: 'info',
    message: '🧠 HISTORY: the oldest is forgotten',
    about:
      'The conversation outgrew `history_max_tokens`: its first `messages` are no longer given to the model. ' +
      '`summarized`: a provider that can makes a summary stand for them.',
  },
  history_summary_failed: {
    level: 'warn',
    message: '🧠 HISTORY: no summary',
    about: 'What was forgotten could not be summarized; the summary from before, if any, still stands.',
  },
  recorded_line: {
    level: 'warn',
    message: '📼 RECORDED: played, no voice works',
    about:
      'No voice could say even the fallback line (or the last words of `give_up`): the line of `recorded_line` is played ' +
      'in its place. Also counted in `kav_recorded_lines_total`.',
  },
  gave_up: {
    level: 'error',
    message: '📴 GIVING UP: too much has failed',
    about:
      'The last `failures` turns in a row failed, this one for the `stage` (`model`, `voice`; `session` where a ' +
      'speech-to-speech session is dead): the last words of `give_up` are said, then the call is handed over or hung up ' +
      '(`then`). Once per call; `ended_by` is `transferred` or `gave-up`. Also counted in `kav_gave_up_total{then,stage}`.',
  },
  transfer_requested: {
    level: 'info',
    message: '📴 TRANSFER: requested',
    about:
      'The carrier was asked to put the caller through; the call ends with it (`ended_by: transferred`).',
  },
  transfer_failed: {
    level: 'error',
    message: '📴 TRANSFER: failed, the call goes on',
    about:
      'The carrier did not take the transfer, or did not answer in time: `transfer_failed_line` is spoken, the model is told.',
  },
  close_failed: {
    level: 'warn',
    message: 'CALL: a plugin did not close',
    about:
      'A plugin failed when its part of the call was closed; `stage` says which. The call is over all the same.',
  },
  stage_failed: {
    level: 'error',
    message: 'CALL: a stage failed',
    about: 'Something that must not fail did; this call ends, the process and the other calls go on.',
  },
} as const satisfies Record<string, CallEventKind>

export type CallEventName = keyof typeof CALL_EVENTS

/** One event as observers (record, verify, demo) see it. */
export interface CallEvent {
  readonly event: CallEventName
  /** Milliseconds since the call started. */
  readonly atMs: number
  readonly fields: Readonly<Record<string, unknown>>
  /** What was said, phone numbers, the words of a provider's error: left out where nothing private may stand. */
  readonly private: Readonly<Record<string, unknown>>
}
