import { Type } from '@sinclair/typebox'
import { CLOSED, CLOSED_WITH_DEFAULTS, oneOf } from './field.ts'
import { AnswerFillerSchema } from './filler.ts'
import { GiveUpSchema, RecordedLineSchema } from './last-words.ts'

const milliseconds = (description: string, minimum: number, maximum: number, byDefault: number) =>
  Type.Integer({ description, minimum, maximum, default: byDefault })

const BargeInSchema = Type.Object(
  {
    mode: oneOf(['speech', 'words', 'off'], {
      description:
        'speech: the caller interrupts the agent by voice. words: only by recognised words. off: the agent always finishes.',
      default: 'speech',
    }),
    min_speech_ms: Type.Optional(
      Type.Integer({
        description:
          'Mode speech: voice without words that is shorter than this does not silence the agent. Absent: 900; where the agent does not become softer first (`duck_db: 0`, and with `realtime`) 200.',
        minimum: 0,
        maximum: 5000,
      }),
    ),
    quieter_db: Type.Integer({
      description:
        'Voice over the agent that is so much quieter (dB) than the caller was before is somebody else: a television, people in the room. It does not interrupt, nor do words that come with it. 0: any voice is taken for the caller.',
      minimum: 0,
      maximum: 40,
      default: 10,
    }),
    echo: oneOf(['auto', 'off'], {
      description:
        'auto: with a `vad`, the agent’s own voice is known when it comes back from the caller’s side (a loudspeaker, a bad line), by its delay and level; neither it nor words made of it interrupt. off: whatever sounds is somebody’s.',
      default: 'auto',
    }),
    duck_db: Type.Integer({
      description:
        'Mode speech: so much softer (dB) is the agent from the first sound of the caller on, until that is over, lasts (`min_speech_ms`) or has words. 0: it stays as loud.',
      minimum: 0,
      maximum: 40,
      default: 18,
    }),
    min_words: Type.Integer({
      description: 'Mode words: so many words that are no backchannels interrupt.',
      minimum: 1,
      maximum: 20,
      default: 2,
    }),
    false_start_ms: milliseconds(
      'Silence after an interruption by a noise without words, after which the agent goes on.',
      100,
      10_000,
      700,
    ),
    backchannels: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          "A listener's noises (`mm-hm`) that do not stop the agent. Absent: those of the language.",
        maxItems: 200,
      }),
    ),
    greeting: Type.Boolean({ description: 'Whether the greeting may be interrupted.', default: true }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'How the caller may interrupt.' },
)

const TurnsSchema = Type.Object(
  {
    by: oneOf(['rules', 'stt', 'vad'], {
      description:
        'Who says that the caller is done. rules: words, silence and the `turn` detector together. stt: the recogniser, where it judges turns itself (Deepgram Flux and others); a fallback that does not is heard by the rules. vad: silence of TIMEOUT_MS alone.',
      default: 'rules',
    }),
    stt_wait_ms: milliseconds(
      'by: stt: silence after which the turn is over although the recogniser has not said so. Longer where the rules wait longer.',
      100,
      20_000,
      2500,
    ),
    adaptive: Type.Boolean({
      description: 'Wait longer than TIMEOUT_MS where the words look unfinished (English and Hebrew).',
      default: true,
    }),
    sure_wait_ms: milliseconds(
      'Wait in place of TIMEOUT_MS where the caller is surely done: the words are all that was asked for, or the `turn` detector is sure.',
      0,
      2000,
      100,
    ),
    unfinished_wait_ms: milliseconds('Wait after a conjunction, a filler and the like.', 0, 10_000, 2200),
    number_wait_ms: milliseconds(
      'Wait in the middle of a number, and behind a part of what was asked for.',
      0,
      10_000,
      1200,
    ),
    patience_ms: milliseconds(
      'What an answer inside the turn of a caller costs, as milliseconds of waiting. Where the words leave it open whether they are done, the agent waits as long as costs least by that, from `sure_wait_ms` to `unfinished_wait_ms`. More: fewer interruptions, later answers. 0: TIMEOUT_MS there.',
      0,
      20_000,
      2000,
    ),
    preemptive: Type.Boolean({
      description:
        'Begin the reply as soon as the voice stops, where the llm allows; kept if the turn really ended.',
      default: true,
    }),
    noise_after_ms: milliseconds(
      'Voice that goes on this long without new words is taken for noise (a television): the agent goes on, and words alone count until the line has been quiet. Longer where the recogniser tells no words before the end of an utterance.',
      1000,
      60_000,
      5000,
    ),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'When the caller is done.' },
)

const UnclearSchema = Type.Object(
  {
    min_confidence: Type.Number({
      description:
        'Words of which the recogniser is less sure than this (0 to 1) are mumbling: they are dropped. Recognisers that give no confidence are always believed. 0: everything is.',
      minimum: 0,
      maximum: 1,
      default: 0.3,
    }),
    line: Type.Optional(
      Type.String({
        description:
          'Spoken to such a caller, twice in a row at most. Empty: nothing is said. Absent: the `fallback_line`.',
      }),
    ),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'A caller who is heard and not understood.' },
)

const IdleAfterQuestionSchema = Type.Object(
  {
    after_ms: Type.Optional(
      Type.Integer({
        description: 'In place of `idle.after_ms` and the share of it, where that is not 0.',
        minimum: 0,
        maximum: 600_000,
      }),
    ),
    prompts: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'In place of `idle.prompts`.',
        maxItems: 10,
      }),
    ),
  },
  { ...CLOSED, description: 'What is different after such a question.' },
)

const IdleByQuestionSchema = Type.Object(
  {
    yes_no: Type.Optional(IdleAfterQuestionSchema),
    digits: Type.Optional(IdleAfterQuestionSchema),
    date: Type.Optional(IdleAfterQuestionSchema),
    time: Type.Optional(IdleAfterQuestionSchema),
    name: Type.Optional(IdleAfterQuestionSchema),
    open: Type.Optional(IdleAfterQuestionSchema),
  },
  {
    ...CLOSED,
    description:
      'What is different by what the agent asked for last (English and Hebrew): a yes or no, a number that is read out, a date, a time, a name, or anything else. Where it does not say, a caller who was asked for a number has twice `after_ms`, for a date one and a half times.',
  },
)

const IdleSchema = Type.Object(
  {
    after_ms: milliseconds(
      'Silence of both sides after which the caller is asked again. 0: never.',
      0,
      600_000,
      0,
    ),
    prompts: Type.Array(Type.String({ minLength: 1 }), {
      description: 'What is asked, one after the other.',
      maxItems: 10,
      default: ['Are you still there?'],
    }),
    farewell: Type.String({
      description: 'Spoken after the last prompt was not answered; then the call ends.',
      default: 'I cannot hear you, so I will end the call. Goodbye.',
    }),
    hold_ms: milliseconds(
      'In place of `after_ms`, if it is longer, for a caller who asked for a moment: "hold on", "let me check", "רגע".',
      0,
      600_000,
      30_000,
    ),
    by_question: Type.Optional(IdleByQuestionSchema),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'A caller who says nothing.' },
)

const DtmfSchema = Type.Object(
  {
    interrupts: Type.Boolean({ description: 'A key stops the agent as speech does.', default: true }),
    terminator: oneOf(['#', '*', 'none'], {
      description: 'The key that ends an entry; it is not part of it. Alone it is given as it is.',
      default: '#',
    }),
    inter_digit_ms: milliseconds('No further key for this long ends an entry.', 100, 60_000, 2000),
    max_digits: Type.Integer({
      description: 'So many keys are an entry, without waiting for more.',
      minimum: 1,
      maximum: 64,
      default: 32,
    }),
    private: oneOf(['none', 'long', 'all'], {
      description:
        'Which entries nobody may read or hear but the llm and the tools: long ones (three keys and more: a PIN, not a menu), or all. Elsewhere their keys are `•`, unless `redact` is off.',
      default: 'none',
    }),
  },
  {
    ...CLOSED_WITH_DEFAULTS,
    description: 'Keys that the caller presses; an entry is given to the llm as text.',
  },
)

export const ConversationSchema = Type.Object(
  {
    greeting: Type.String({
      description:
        'Spoken as soon as the call is connected; `{{from}}`, `{{now}}` and other values of the call are filled in, as in every other line that is spoken. Empty: the caller speaks first.',
      default: '',
    }),
    system_prompt: Type.String({
      description:
        'What the llm is told before the conversation; values of the call such as `{{from}}` and `{{now}}` are filled in.',
      default: '',
    }),
    language: Type.Optional(
      Type.String({
        description:
          "Language of the call as a BCP 47 tag, such as en-US or he-IL: for waiting, backchannels and switching. Absent: the stt's own, or en-US.",
        minLength: 1,
      }),
    ),
    time_zone: Type.Optional(
      Type.String({
        description:
          'Zone of `{{now}}`, the date and time at which a call began: a name such as Asia/Jerusalem. Absent: that of the machine.',
        minLength: 1,
      }),
    ),
    hints: Type.Array(Type.String({ minLength: 1 }), {
      description: "Phrases the recogniser should expect; they join the llm plugin's own.",
      maxItems: 5000,
      default: [],
    }),
    barge_in: BargeInSchema,
    turns: TurnsSchema,
    unclear: UnclearSchema,
    idle: IdleSchema,
    filler: Type.Optional(AnswerFillerSchema),
    dtmf: DtmfSchema,
    pronunciation: Type.Record(Type.String({ pattern: '^[^{}]{1,100}$' }), Type.String(), {
      description: 'How words are spoken, whole words only: `{ SQL: sequel }`.',
      additionalProperties: false,
      default: {},
    }),
    spoken_urls: oneOf(['domain', 'strip'], {
      description: 'What is said of a web address: its domain, or nothing.',
      default: 'domain',
    }),
    spoken_form: oneOf(['auto', 'on', 'off'], {
      description:
        'Whether numbers, money, dates, times, units and short forms are given to the voice in words (English and Hebrew). auto: unless the voice finds the words itself.',
      default: 'auto',
    }),
    fallback_line: Type.String({
      description: 'Spoken when the llm or the tts fails or misses its deadline.',
      minLength: 1,
      default: 'Sorry, something went wrong. Could you say that again?',
    }),
    transfer_failed_line: Type.String({
      description:
        'Spoken when the caller could not be put through; the call goes on, and the llm is told. Empty: nothing is.',
      default: 'I could not put you through. Is there anything else I can do for you?',
    }),
    give_up: Type.Optional(GiveUpSchema),
    recorded_line: Type.Optional(RecordedLineSchema),
    max_reply_chars: Type.Integer({
      description:
        'A reply is cut at the last end of a sentence within so many characters; what the llm writes beyond is not read. About 15 are a second of speech.',
      minimum: 200,
      maximum: 1_000_000,
      default: 10_000,
    }),
    history_max_tokens: Type.Integer({
      description:
        'What the llm is given of the conversation, estimated (3 bytes of text a token), without the system prompt. Beyond it the oldest turns are forgotten, down to three quarters of it.',
      minimum: 500,
      maximum: 10_000_000,
      default: 32_000,
    }),
    first_token_timeout_ms: Type.Integer({
      description: 'How long the llm may take to its first token.',
      minimum: 100,
      maximum: 120_000,
      default: 8000,
    }),
    first_audio_timeout_ms: Type.Integer({
      description: 'How long the tts may take to its first audio.',
      minimum: 100,
      maximum: 120_000,
      default: 5000,
    }),
    max_call_ms: Type.Integer({
      description: 'A call is ended after this long.',
      minimum: 1000,
      maximum: 86_400_000,
      default: 3_600_000,
    }),
  },
  { ...CLOSED_WITH_DEFAULTS, description: 'What is said and when.' },
)
