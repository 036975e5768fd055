import { counter, type MetricStatements } from './statement.ts'

/** The admin API, and what operators do by it. */
export const CONTROL_METRICS: MetricStatements = {
  kav_api_requests_refused_total: counter(
    'Requests of the [admin API](control-api.md) that were answered with an error, by its code.',
    { labels: ['code'] },
  ),
  kav_api_wrong_tokens_total: counter('Requests of the admin API with a wrong token.', {
    alert: 'a rate: somebody guesses',
  }),
  kav_api_streams_cut_total: counter(
    'Watchers that were cut off since they did not read what they were sent; they connect again.',
  ),
  kav_watch_news_dropped_total: counter(
    'What a watcher did not fetch in time: `events` or `audio` of a call, or which `calls` there are.',
    { labels: ['what'] },
  ),
  kav_calls_placed_total: counter(
    'Calls that operators had placed, by what came of it: `taken` by the carrier, or why not.',
    {
      labels: ['outcome'],
    },
  ),
  kav_listen_frames_dropped_total: counter('Frames of 20 ms that a listener’s network did not take in time.'),
}
