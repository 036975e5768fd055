import type { LiveCall, LiveCallDetail } from '@kav/client'
import type { SeenEvent } from '../../src/live/live-call-state.ts'

const BEGAN = '2026-03-04T10:15:00.000Z'

export const LIVE_CALLS: readonly LiveCall[] = [
  {
    id: 'CA-front-desk',
    pipeline: 'front-desk',
    version: '6f7c40d19b62',
    node: 'node-1',
    worker: 2,
    direction: 'in',
    from: '+15005550006',
    to: '+15005550001',
    startedAt: BEGAN,
    state: 'running',
    turn: 2,
    speaking: 'agent',
  },
  {
    id: 'CA-hebrew',
    pipeline: 'front-desk-he',
    node: 'node-1',
    worker: 1,
    direction: 'in',
    from: '+972500000001',
    to: '+15005550002',
    startedAt: '2026-03-04T10:14:20.000Z',
    state: 'running',
    turn: 3,
    speaking: 'caller',
  },
  {
    id: 'CA-outbound',
    pipeline: 'reminders',
    node: 'node-2',
    worker: 1,
    direction: 'out',
    from: '+15005550001',
    to: '+15005550009',
    startedAt: '2026-03-04T10:13:05.000Z',
    state: 'running',
    turn: 5,
    speaking: 'both',
    muted: true,
  },
  {
    id: 'CA-promised',
    pipeline: 'front-desk',
    node: 'node-2',
    direction: 'in',
    from: '+15005550010',
    to: '+15005550001',
    startedAt: '2026-03-04T10:12:59.000Z',
    state: 'promised',
  },
]

const LINES = {
  en: {
    greeting: 'Hello, this is the telephone help desk. What seems to be the trouble?',
    caller: 'weasels have eaten our phone system',
    agent:
      'Oh dear, weasels again. I am sending our weasel expert, with a very large sandwich. Is anything else wrong?',
    heard: 'Oh dear, weasels again. I am sending our weasel',
  },
  he: {
    greeting: 'שלום, הגעתם למרפאה. איך אפשר לעזור?',
    caller: 'אני רוצה לקבוע תור ליום שלישי בשעה 16:30',
    agent: 'בשמחה. יש תור פנוי ב-16:30 אצל ד״ר כהן. מספר הטלפון שלכם הוא +972 50-000-0001, נכון?',
    heard: 'בשמחה. יש תור פנוי ב-16:30 אצל',
  },
} as const

/** A call whose first turn was interrupted. */
export function detailOf(call: LiveCall): LiveCallDetail {
  const lines = LINES[call.pipeline.endsWith('-he') ? 'he' : 'en']
  return {
    ...call,
    atMs: 14_000,
    transcript: [
      { atMs: 15, who: 'agent', text: lines.greeting },
      { atMs: 10_234, who: 'caller', text: lines.caller },
      { atMs: 10_240, who: 'agent', text: lines.agent, heard: lines.heard },
    ],
    turns: [{ turn: 1, turn_end_ms: 534, first_token_ms: 198, first_audio_ms: 615, first_frame_ms: 643 }],
    events: eventsOf(lines),
    counters: { tx_underruns: 1 },
  }
}

function eventsOf(lines: (typeof LINES)['en' | 'he']): readonly SeenEvent[] {
  const event = (name: string, atMs: number, fields: object = {}, said?: object): SeenEvent => ({
    event: name,
    atMs,
    fields: { ...fields },
    private: { ...said },
  })
  return [
    event('greeting_queued', 15, {}, { text: lines.greeting }),
    event('greeting_end', 6409, { outcome: 'heard' }),
    event('turn_ended', 10_234, { turn: 1 }, { text: lines.caller }),
    event('agent_said', 10_240, { turn: 1 }, { text: lines.agent }),
    event('turn_latency', 10_344, {
      turn: 1,
      turn_end_ms: 534,
      first_token_ms: 198,
      first_audio_ms: 615,
      first_frame_ms: 643,
    }),
    event('interrupted', 13_803, { turn: 1, after_speech_ms: 558 }, { heard: lines.heard }),
    event('agent_voice', 13_804, { start_ms: 10_364, end_ms: 13_808 }),
  ]
}
