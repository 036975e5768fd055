import { counter, gauge, histogram, type MetricStatements } from './statement.ts'

/** Recognition, model and voice, and the providers behind them. */
export const STAGE_METRICS: MetricStatements = {
  kav_stt_open_seconds: histogram('How long recognition took to open.', {
    labels: ['plugin'],
    alert: 'above 4: first words are lost',
  }),
  kav_stt_writes_total: counter('Writes to recognition.'),
  kav_stt_write_seconds_total: counter('How long recognition took to take them.'),
  kav_stt_bytes_total: counter('Audio written to recognition, all of it.'),
  kav_stt_given_bytes_total: counter('The same, each byte once however often it was repeated.'),
  kav_stt_replay_overflow_bytes_total: counter(
    'Audio that could not be repeated to a new recognition session.',
    { alert: 'any' },
  ),
  kav_stt_audio_seconds_total: counter(
    'Audio heard: as the provider tells it, else as it was given to it (a session that died and its successor each count).',
    { labels: ['plugin'] },
  ),
  kav_stt_fallbacks_total: counter(
    'Another provider or region heard the call than the one tried first (`google-stt/europe-west1`).',
    { labels: ['from', 'to'], alert: 'a rate' },
  ),
  kav_stt_openings_hedged_total: counter(
    'Openings that were pending for 1.5 s, so that another was started beside them.',
    { labels: ['plugin'], alert: 'a rate' },
  ),
  kav_stt_finals_missing_total: counter(
    'Utterances that the recogniser did not close: the last partial was taken.',
    { labels: ['plugin'], alert: 'as many as turns: it tells no finals' },
  ),
  kav_stt_finals_repeated_total: counter('Finals that said what was told before.'),
  kav_stt_finals_unclear_total: counter('Finals that were dropped as mumbling (`unclear.min_confidence`).', {
    alert: 'a rate: bad lines, or a bound that does not fit the recogniser',
  }),
  kav_denoise_bypassed_total: counter(
    'Sessions of a recogniser, or calls of the voice detector, that hear the caller with the noise: the filter was `late`, `failed`, `refused` them, or is `resting` after it was late.',
    { labels: ['plugin', 'reason'], alert: 'a rate: the filter needs more threads, or is broken' },
  ),
  kav_turn_judge_seconds: histogram('How long the detector of turn ends took to judge one.'),
  kav_llm_input_tokens_total: counter('Tokens that the model read, as it reports them.'),
  kav_llm_cached_input_tokens_total: counter('Those of them that its provider had in its cache.'),
  kav_llm_output_tokens_total: counter('Tokens that the model wrote.'),
  kav_llm_prepared_tokens_discarded_total: counter(
    'Written for replies that were prepared in vain (`turns.preemptive`).',
  ),
  kav_llm_fallbacks_total: counter('A model failed and the next answered.', {
    labels: ['from', 'to'],
    alert: 'a rate',
  }),
  kav_tts_characters_total: counter(
    'Characters spoken: as the provider tells them, else as they were given to it.',
    { labels: ['plugin'] },
  ),
  kav_tts_fallbacks_total: counter('A voice failed and the next spoke.', {
    labels: ['from', 'to'],
    alert: 'a rate',
  }),
  kav_tts_stream_fallbacks_total: counter(
    'Replies whose one stream of speech failed, and that were spoken clause by clause.',
    { alert: 'a rate' },
  ),
  kav_speech_cache_total: counter('`hit` or `miss` of greeting and other fixed texts.', {
    labels: ['outcome'],
  }),
  kav_speech_cache_files_failed_total: counter(
    'Files of the speech cache that could not be read or written; speech is kept in memory.',
    { alert: 'a rate' },
  ),
  kav_provider_state: gauge(
    '0 well, 1 being probed, 2 down ([providers that are down](operating.md#providers-that-are-down)).',
    { labels: ['kind', 'provider', 'region'], alert: '2 for some minutes' },
  ),
  kav_provider_transitions_total: counter('How often the state of a provider changed.', {
    labels: ['kind', 'provider', 'region', 'to'],
    alert: '`to="open"` again and again',
  }),
  kav_provider_probes_total: counter('Probes by outcome: `well`, or the class of the fault.', {
    labels: ['kind', 'provider', 'outcome'],
  }),
  kav_provider_passed_over_total: counter('Requests that went to `to` at once, since `from` is down.', {
    labels: ['kind', 'from', 'to'],
  }),
}
