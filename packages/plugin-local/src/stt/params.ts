import { Type, type Static } from '@sinclair/typebox'

export const pocketsphinxParams = Type.Object(
  {
    language: Type.Optional(
      Type.String({
        pattern: '^[eE][nN]([-_].*)?$',
        default: 'en-US',
        description:
          'Language of the caller. Only English is understood; other languages need another plugin.',
      }),
    ),
    hints: Type.Array(Type.String(), {
      default: [],
      description:
        'Phrases the caller may say, besides those the language model plugin expects. What is not made of these words in about these orders is not understood.',
    }),
    endpoint_silence_ms: Type.Integer({
      default: 300,
      minimum: 100,
      maximum: 3000,
      description: 'Silence after which an utterance is over and its final text is given.',
    }),
    max_utterance_ms: Type.Integer({
      default: 20000,
      minimum: 1000,
      maximum: 60000,
      description: 'An utterance longer than this is cut; the next one begins at once.',
    }),
    partials: Type.Boolean({
      default: true,
      description: 'Whether guesses are given while the caller speaks (about every 100 ms).',
    }),
    rejection: Type.Boolean({
      default: true,
      description: 'Whether utterances that do not sound like the expected phrases are dropped.',
    }),
    reject_below: Type.Optional(
      Type.Number({
        minimum: -1000,
        maximum: 1000,
        description:
          'Mean score per 10 ms of voice against free phones below which an utterance is dropped. Default: by the size of the vocabulary, -20 with 85 words, -8 with 8.',
      }),
    ),
    workers: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 64,
      description:
        'Most threads that recognise. The next one starts when each has four calls; one thread keeps up with about eight callers who talk at once.',
    }),
    library: Type.Optional(
      Type.String({
        format: 'file-path',
        description:
          'File of libpocketsphinx (5prealpha). Default: the one of the Debian package libpocketsphinx3.',
      }),
    ),
    model_dir: Type.Optional(
      Type.String({
        description:
          'Directory of the English model (en-us/, cmudict-en-us.dict, en-us-phone.lm.bin). Default: the one of the Debian package pocketsphinx-en-us.',
      }),
    ),
  },
  { additionalProperties: false },
)

export type PocketsphinxParams = Static<typeof pocketsphinxParams>
