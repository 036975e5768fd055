import { counter, type MetricStatements } from './statement.ts'

/** The audio of calls, in and out. Totals of a call are added when it is over. */
export const MEDIA_METRICS: MetricStatements = {
  kav_rx_frames_total: counter('Frames of callers, of 20 ms each.'),
  kav_rx_queue_dropped_frames_total: counter('Lost frames of callers.', { alert: 'any' }),
  kav_rx_unheard_frames_total: counter(
    'Frames of callers who hung up with words in them that no recogniser was given in time.',
    { alert: 'a rate' },
  ),
  kav_tx_frames_total: counter('Frames that were sent to callers.'),
  kav_tx_muted_frames_total: counter(
    'Frames of the agent’s voice that an operator had [muted](control-api.md): silence on the wire. They are counted in `kav_tx_frames_total`, too.',
  ),
  kav_tx_background_frames_total: counter(
    'Frames sent in which nobody spoke (`background`); they are counted in `kav_tx_frames_total`, too.',
  ),
  kav_tx_underruns_total: counter('Gaps that callers heard.', { alert: 'more than a few a minute' }),
  kav_tx_underrun_seconds_total: counter('How long the gaps were that callers heard.'),
  kav_tx_queue_dropped_frames_total: counter('Lost frames of the agent.', { alert: 'any' }),
  kav_tx_queue_discarded_frames_total: counter('Audio of the agent that interruptions threw away.'),
  kav_tx_controls_above_bound_total: counter(
    'Marks and clears that were taken though the queue was full: they are never dropped.',
  ),
  kav_tx_held_by_socket_total: counter('Wakes on which sending waited for a slow network.', {
    alert: 'when it grows with underruns',
  }),
  kav_tx_clears_total: counter('Interruptions.'),
  kav_tx_marks_total: counter('Marks that were sent, to learn when the caller has heard what was before.'),
  kav_tx_stale_marks_total: counter('Marks that came back for audio that an interruption had thrown away.'),
  kav_tx_marks_missing_total: counter(
    'Marks that had not come back when audio before them was taken for heard.',
    {
      alert: 'a rate, with a carrier that returns marks: its network, or this process, is seconds behind',
    },
  ),
  kav_tx_marks_late_total: counter('Those of the missing marks that came after all.'),
  kav_floor_taken_over_total: counter(
    'Voices of the agent that another voice of it cut short: a fault of Kav.',
    { alert: 'any' },
  ),
  kav_media_resyncs_total: counter(
    'The process stood still for more than 250 ms while calls were up: their audio went on from there.',
    { alert: 'any' },
  ),
  kav_media_resync_seconds_total: counter('How long it stood still while calls were up.'),
  kav_vad_windows_dropped_total: counter(
    'Windows of callers’ audio that the detector was too slow to rate.',
    { alert: 'a rate' },
  ),
}
