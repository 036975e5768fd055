import { createRequire } from 'node:module'

/** Address of a native decoder. Only this file looks inside. */
export type NativeDecoder = { readonly __native: 'ps_decoder_t' }

export interface Hypothesis {
  readonly text: string
  /** Path score in the log domain of the acoustic model; larger is better, always negative. */
  readonly score: number
}

/**
 * The C functions of PocketSphinx 5prealpha that we call (`pocketsphinx.h`). All of them block; none may be
 * called from the media thread, and one decoder must not be used by two threads at a time.
 */
export interface PocketsphinxLibrary {
  /** A decoder with these command-line arguments (`-hmm`, `-dict`, …), or undefined when the engine refuses them. */
  createDecoder(args: readonly string[]): NativeDecoder | undefined
  /** Begins a new stream: the noise estimate starts afresh. */
  startStream(decoder: NativeDecoder): void
  startUtterance(decoder: NativeDecoder): void
  endUtterance(decoder: NativeDecoder): void
  /** Feeds signed 16-bit samples at 16 kHz to the running utterance. */
  process(decoder: NativeDecoder, samples: Int16Array): void
  /** Best words so far, or the final ones after `endUtterance`. Undefined when there are none. */
  hypothesis(decoder: NativeDecoder): Hypothesis | undefined
  free(decoder: NativeDecoder): void
}

type Pointer = unknown
const require = createRequire(import.meta.url)

/** Loads the shared library. Throws what the system's loader says when it cannot. */
export function loadPocketsphinxLibrary(file: string): PocketsphinxLibrary {
  // Here and not at the top: only a worker that recognises pays for the native add-on.
  const koffi = require('koffi') as typeof import('koffi')
  const library = koffi.load(file)
  const argumentTable = library.func('void *ps_args()')
  const parseArguments = library.func(
    'void *cmd_ln_parse_r(void *previous, void *defn, int argc, char **argv, int strict)',
  )
  const freeArguments = library.func('int cmd_ln_free_r(void *config)')
  const silence = library.func('void err_set_logfp(void *file)')
  const init = library.func('void *ps_init(void *config)')
  const free = library.func('int ps_free(void *ps)')
  const startStream = library.func('int ps_start_stream(void *ps)')
  const startUtterance = library.func('int ps_start_utt(void *ps)')
  const endUtterance = library.func('int ps_end_utt(void *ps)')
  const processRaw = library.func(
    'int ps_process_raw(void *ps, const int16_t *data, size_t n_samples, int no_search, int full_utt)',
  )
  const getHypothesis = library.func('const char *ps_get_hyp(void *ps, _Out_ int32_t *score)')

  silence(null)
  const score = [0]

  return {
    createDecoder(args) {
      const argv = ['kav', ...args]
      const config = parseArguments(null, argumentTable(), argv.length, argv, 1) as Pointer
      if (config === null) return undefined
      const decoder = init(config) as Pointer
      freeArguments(config)
      return decoder === null ? undefined : (decoder as NativeDecoder)
    },
    startStream: (decoder) => void startStream(decoder),
    startUtterance: (decoder) => void startUtterance(decoder),
    endUtterance: (decoder) => void endUtterance(decoder),
    process: (decoder, samples) => void processRaw(decoder, samples, samples.length, 0, 0),
    hypothesis(decoder) {
      const text = getHypothesis(decoder, score) as string | null
      return text === null || text === '' ? undefined : { text, score: score[0] ?? 0 }
    },
    free: (decoder) => void free(decoder),
  }
}
