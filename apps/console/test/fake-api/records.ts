import type { CallRecord, CallSummary } from '@kav/client'

/** A call as the demo makes it: a greeting, an interruption, a tool, a farewell. */
export const PLAIN_RECORD: CallRecord = {
  callId: 'CA-plain',
  state: 'ended',
  pipeline: 'front-desk',
  pipelineVersion: '6f7c40d19b62',
  node: 'node-1',
  direction: 'in',
  from: '+15005550006',
  to: '+15005550001',
  startedAt: '2026-03-04T09:13:18.416Z',
  durationMs: 35_984,
  endedBy: 'agent',
  counters: {
    rx_frames: 1800,
    tx_frames: 1217,
    tx_underruns: 1,
    tx_underrun_ms: 47,
    rx_queue_dropped_frames: 0,
  },
  turns: [
    { turn: 1, turn_end_ms: 534, first_token_ms: 198, first_audio_ms: 515, first_frame_ms: 543 },
    { turn: 2, turn_end_ms: 513, first_token_ms: 794, first_audio_ms: 1095, first_frame_ms: 1117 },
    { turn: 3, turn_end_ms: 335, first_token_ms: 394, first_audio_ms: 475, first_frame_ms: 491 },
    { turn: 4, turn_end_ms: 524, first_token_ms: 619, first_audio_ms: 826, first_frame_ms: 831 },
  ],
  voice: {
    caller: [
      { startMs: 6974, endMs: 9700 },
      { startMs: 13_213, endMs: 15_358 },
      { startMs: 24_278, endMs: 24_704 },
      { startMs: 30_912, endMs: 31_455 },
    ],
    agent: [
      { startMs: 1650, endMs: 6370 },
      { startMs: 10_263, endMs: 13_808 },
      { startMs: 16_495, endMs: 23_155 },
      { startMs: 25_215, endMs: 29_995 },
      { startMs: 32_305, endMs: 35_985 },
    ],
  },
  usage: [
    { kind: 'tts', plugin: 'google-tts', characters: 448, counted_by: 'core' },
    { kind: 'stt', plugin: 'google-stt', audio_ms: 36_000, counted_by: 'core' },
    { kind: 'llm', plugin: 'openai-llm', input_tokens: 1810, output_tokens: 164, counted_by: 'provider' },
  ],
  stages: [
    { kind: 'stt', answered: ['google-stt'], fallbacks: [] },
    {
      kind: 'llm',
      answered: ['openai-llm', 'scripted'],
      fallbacks: [{ atMs: 16_200, from: 'openai-llm', to: 'scripted', why: 'failed' }],
    },
    { kind: 'tts', answered: ['google-tts'], fallbacks: [] },
  ],
  tools: [
    {
      atMs: 15_880,
      turn: 2,
      tool: 'open_ticket',
      arguments: '{"subject":"Phone system","urgency":"high"}',
      result: '{"ticket":"T-4711","technician":"today"}',
      durationMs: 182,
    },
    {
      atMs: 31_979,
      turn: 4,
      tool: 'hang_up',
      arguments: '{}',
      result: 'The call ends after your words.',
      durationMs: 1,
    },
  ],
  cost: {
    currency: 'USD',
    total: 0.021_74,
    parts: [
      { kind: 'stt', provider: 'google-stt', amount: 0.0144 },
      { kind: 'llm', provider: 'openai-llm', amount: 0.000_37 },
      { kind: 'tts', provider: 'google-tts', amount: 0.006_97 },
    ],
    unpriced: ['transport twilio'],
  },
  recording: 'recordings/CA-plain.wav',
  transcript: [
    { atMs: 15, who: 'agent', text: 'Hello, this is the telephone help desk. What seems to be the trouble?' },
    { atMs: 10_234, who: 'caller', text: 'weasels have eaten our phone system' },
    {
      atMs: 10_240,
      who: 'agent',
      text: 'Oh dear, weasels again. I am sending our weasel expert, with a very large sandwich. Is anything else wrong?',
      heard: 'Oh dear, weasels again. I am sending our weasel',
    },
    { atMs: 15_871, who: 'caller', text: 'something is terribly wrong' },
    {
      atMs: 16_480,
      who: 'agent',
      text: 'I am sorry to hear that. I have opened a ticket, and a technician will look at it today. May I help with anything more?',
    },
    { atMs: 25_039, who: 'caller', text: 'thank you' },
    {
      atMs: 25_179,
      who: 'agent',
      text: 'You are very welcome. It is a pleasure to talk to somebody who knows their weasels.',
    },
    { atMs: 31_979, who: 'caller', text: 'goodbye' },
    { atMs: 32_281, who: 'agent', text: 'Goodbye, and thank you for calling. Mind the weasels!' },
  ],
  events: [
    { event: 'call_started', atMs: 8, fields: { format: 'mulaw/8000' } },
    { event: 'greeting_end', atMs: 6409, fields: { outcome: 'heard' } },
    { event: 'turn_ended', atMs: 10_234, fields: { turn: 1 } },
    { event: 'turn_latency', atMs: 10_243, fields: { turn: 1, turn_end_ms: 534, first_frame_ms: 543 } },
    { event: 'interrupted', atMs: 13_803, fields: { turn: 1, after_speech_ms: 558 } },
    { event: 'turn_ended', atMs: 15_871, fields: { turn: 2 } },
    { event: 'tool_called', atMs: 15_880, fields: { turn: 2, tool: 'open_ticket' } },
    { event: 'llm_fell_back', atMs: 16_200, fields: { turn: 2, from: 'openai-llm', to: 'scripted' } },
    { event: 'turn_latency', atMs: 16_475, fields: { turn: 2, turn_end_ms: 513, first_frame_ms: 1117 } },
    { event: 'turn_ended', atMs: 25_039, fields: { turn: 3 } },
    { event: 'turn_latency', atMs: 25_195, fields: { turn: 3, turn_end_ms: 335, first_frame_ms: 491 } },
    { event: 'turn_ended', atMs: 31_979, fields: { turn: 4 } },
    { event: 'turn_latency', atMs: 32_286, fields: { turn: 4, turn_end_ms: 524, first_frame_ms: 831 } },
    { event: 'call_ended', atMs: 36_066, fields: { ended_by: 'agent' } },
  ],
}

export const HEBREW_RECORD: CallRecord = {
  callId: 'CA-hebrew-over',
  state: 'ended',
  pipeline: 'front-desk-he',
  direction: 'in',
  from: '+972500000001',
  to: '+15005550002',
  startedAt: '2026-03-04T08:40:00.000Z',
  durationMs: 21_400,
  endedBy: 'caller',
  counters: {},
  turns: [{ turn: 1, turn_end_ms: 420, first_token_ms: 640, first_audio_ms: 890, first_frame_ms: 905 }],
  voice: {
    caller: [{ startMs: 5200, endMs: 8800 }],
    agent: [
      { startMs: 900, endMs: 4700 },
      { startMs: 9725, endMs: 14_000 },
    ],
  },
  usage: [],
  stages: [{ kind: 'stt', answered: ['google-stt'], fallbacks: [] }],
  tools: [
    {
      atMs: 9250,
      turn: 1,
      tool: 'find_slot',
      arguments: '{"day":"יום שלישי","time":"16:30"}',
      result: 'ד״ר כהן, 16:30',
      durationMs: 90,
    },
  ],
  transcript: [
    { atMs: 15, who: 'agent', text: 'שלום, הגעתם למרפאה. איך אפשר לעזור?' },
    { atMs: 9220, who: 'caller', text: 'אני רוצה לקבוע תור ליום שלישי בשעה 16:30' },
    {
      atMs: 9700,
      who: 'agent',
      text: 'בשמחה. יש תור פנוי ב-16:30 אצל ד״ר כהן. מספר הטלפון שלכם הוא +972 50-000-0001, נכון?',
      heard: 'בשמחה. יש תור פנוי ב-16:30 אצל',
    },
  ],
  events: [
    { event: 'turn_ended', atMs: 9220, fields: { turn: 1 } },
    { event: 'turn_latency', atMs: 9705, fields: { turn: 1, turn_end_ms: 420, first_frame_ms: 905 } },
    { event: 'interrupted', atMs: 13_990, fields: { turn: 1 } },
  ],
  recording: 'recordings/CA-hebrew-over.wav',
}

/** Its process died: what is there is all there is. */
export const TORN_RECORD: CallRecord = {
  callId: 'CA-torn',
  state: 'torn',
  pipeline: 'reminders',
  direction: 'out',
  from: '+15005550001',
  to: '+15005550009',
  startedAt: '2026-03-03T17:05:00.000Z',
  durationMs: 0,
  endedBy: 'killed',
  counters: {},
  turns: [],
  voice: { caller: [], agent: [] },
  usage: [],
  stages: [],
  tools: [],
  incomplete: ['counters', 'events', 'transcript', 'recording'],
  transcript: [],
  events: [],
}

export function summaryOf(record: CallRecord): CallSummary {
  const { callId, state, startedAt, pipeline, direction, from, to, durationMs, endedBy, turns } = record
  const { cost, recording } = record
  const slowest = turns
    .map(({ first_frame_ms }) => Number(first_frame_ms))
    .sort((one, other) => other - one)[0]
  return {
    id: callId,
    state,
    startedAt,
    pipeline,
    direction,
    durationMs,
    outcome: endedBy,
    turns: turns.length,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(slowest !== undefined && { slowestMs: slowest }),
    ...(cost && { cost: cost.total, currency: cost.currency }),
    ...(recording !== undefined && { recording }),
  }
}
