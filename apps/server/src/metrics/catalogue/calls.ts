import { counter, gauge, histogram, type MetricStatements } from './statement.ts'

/** Who was taken, and what became of the calls. */
export const CALL_METRICS: MetricStatements = {
  kav_active_calls: gauge('Calls now.', { alert: 'near what one core carries' }),
  kav_promised_calls: gauge('Calls that were promised to the carrier and have not come yet.'),
  kav_refusing_calls: gauge('1 while a new call would be refused: `full`, `overloaded`, `draining`.', {
    labels: ['reason'],
    alert: '`overloaded`',
  }),
  kav_calls_refused_total: counter(
    'Callers who were not taken, and what they got: `refuse`, `elsewhere`, `forward`.',
    { labels: ['reason', 'instead'], alert: 'a rate' },
  ),
  kav_call_promises_expired_total: counter(
    'Promised calls that never came; their places were free again after ten seconds. Behind a balancer that brings streams to other processes than webhooks they are usual.',
    { alert: 'a rate, without such a balancer: streams do not reach the process' },
  ),
  kav_call_rings_expired_total: counter(
    'Placed calls of which the carrier never said what became of them; their places were free again half a minute after the longest ringing.',
    { alert: 'a rate: its status callbacks do not reach the service' },
  ),
  kav_calls_paced_by_carrier_total: counter(
    'Orders of calls that the carrier answered with “too many” (429); each was tried again within five seconds.',
    { alert: 'a rate: `calls_per_second` is more than the account has' },
  ),
  kav_call_events_total: counter('Every event of [events.md](events.md) except the lines a second.', {
    labels: ['event'],
    alert:
      'any of `stage_failed`, `transfer_failed`, `vad_failed`, `stt_recognize_per_utterance`; a rate of `llm_failed`, `tts_failed`, `stt_open_failed`, `stt_lost`',
  }),
  kav_call_events_late_total: counter(
    'Events that came behind `call_ended`, as a line of the log with `late`: the call’s record, its watchers and hooks are closed then. What an operator asks of a call that has just ended is such a one.',
    { labels: ['event'] },
  ),
  kav_turn_latency_seconds: histogram(
    'From the end of the caller’s speech to `turn_end`, `first_token`, `first_audio`, `first_frame`.',
    { labels: ['step'], alert: '95th percentile of `first_frame`' },
  ),
  kav_gave_up_total: counter(
    'Calls that were given up, since turn after turn failed (`conversation.give_up`).',
    { labels: ['then', 'stage'], alert: 'any' },
  ),
  kav_recorded_lines_total: counter(
    'No voice worked, and a recorded line was played (`conversation.recorded_line`).',
    { alert: 'any' },
  ),
  kav_fillers_spoken_total: counter(
    'Fillers that were heard because an answer was late (`conversation.filler`).',
    { alert: 'near the number of turns: the llm is slow' },
  ),
  kav_fillers_withheld_total: counter('Fillers that were left out since the answer was near.'),
  kav_amounts_cut_total: counter(
    'More of something than a call takes ([how much of everything](operating.md#how-much-of-everything)).',
    { labels: ['what'], alert: 'any but `reply_chars`' },
  ),
  kav_redactions_total: counter(
    'What was taken out of texts by `redact`, wherever it stood: `card`, `digits` (a number that may become one), `phone`, `email`, `national_id`, `key`, or the name of a pattern of your own. Of words that may still change none is counted.',
    { labels: ['kind'] },
  ),
  kav_redacted_sounds_total: counter(
    'Sounds of `caller` and `agent` that `redact` keeps out of recordings, by what it is known where they are: the times of their `words` or `keys`, else the whole `utterance` has a tone. A recogniser that tells no times of words has none but those.',
    { labels: ['who', 'by'] },
  ),
  kav_history_messages_forgotten_total: counter(
    'Messages of long calls that the model is no longer given (`history_max_tokens`).',
  ),
  kav_tool_calls_total: counter(
    'Tools: `ok`, `failed`, `timeout`, `cancelled`, `bad_arguments`, `unknown_tool`.',
    { labels: ['tool', 'outcome'], alert: '`failed` and `timeout`' },
  ),
  kav_tool_seconds: histogram('How long tools took, however they ended.', { labels: ['tool'] }),
  kav_tools_left_out_total: counter(
    'Tools of a list that changed, left out since their names or schemas cannot be used.',
    { labels: ['plugin'], alert: 'any' },
  ),
}
