/** Every span of a call. `docs/tracing.md` has its table from here. `part`: the parts of a turn follow each other and fill it. */
export interface SpanKind {
  readonly under: string
  readonly kind: 'internal' | 'client' | 'server'
  readonly about: string
  readonly part?: true
}

export const SPANS = {
  call: {
    under: 'the remote parent, where the call came with a `traceparent`',
    kind: 'server',
    about: 'One call, from its first event to its last. Named `invoke_agent` and the pipeline.',
  },
  recognition: {
    under: 'call',
    kind: 'client',
    about: 'One session of a recogniser, from the moment it was asked for.',
  },
  speech: {
    under: 'call',
    kind: 'internal',
    about: 'The caller’s voice, where the pipeline has a voice detector.',
  },
  greeting: { under: 'call', kind: 'internal', about: 'The greeting, until its mark came back.' },
  prompt: {
    under: 'call',
    kind: 'internal',
    about: 'A text of the configuration: a question to an idle caller, the farewell.',
  },
  turn: {
    under: 'call',
    kind: 'internal',
    about:
      'From the end of the caller’s speech to the end of what they heard of the answer: the last mark, or the moment they spoke over it.',
  },
  superseded: {
    under: 'turn',
    kind: 'internal',
    part: true,
    about: 'What was begun before the caller said more and the answer was made anew.',
  },
  endpointing: {
    under: 'turn',
    kind: 'internal',
    part: true,
    about: 'Until it was decided that the caller is done.',
  },
  first_token: {
    under: 'turn',
    kind: 'internal',
    part: true,
    about: 'Until the first words of the model, tools that it called first included.',
  },
  first_audio: {
    under: 'turn',
    kind: 'internal',
    part: true,
    about: 'Until the first audio of the answer.',
  },
  wire: {
    under: 'turn',
    kind: 'internal',
    part: true,
    about: 'Until its first frame was on the wire to the carrier.',
  },
  playout: {
    under: 'turn',
    kind: 'internal',
    part: true,
    about: 'Until the caller has heard it all (the mark came back), or spoke over it.',
  },
  stt: {
    under: 'turn',
    kind: 'client',
    about:
      'How long after the end of the speech words still came: what of `endpointing` is the recogniser’s.',
  },
  llm: {
    under: 'turn',
    kind: 'client',
    about: 'One request to a model, or one answer of a speech-to-speech model. Named `chat` and the model.',
  },
  tts: {
    under: 'turn, greeting or prompt',
    kind: 'client',
    about: 'One request to a voice: a clause, or a stream of them. Texts from the speech cache need none.',
  },
  tool: {
    under: 'turn',
    kind: 'internal',
    about: 'One tool call. Named `execute_tool` and the tool.',
  },
} as const satisfies Record<string, SpanKind>

export type SpanName = keyof typeof SPANS

/** In the order in which they follow each other in a turn. */
export const PARTS = [
  'superseded',
  'endpointing',
  'first_token',
  'first_audio',
  'wire',
  'playout',
] as const satisfies readonly SpanName[]

export type PartName = (typeof PARTS)[number]
