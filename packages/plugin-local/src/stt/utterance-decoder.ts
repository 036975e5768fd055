import { join } from 'node:path'
import { readRegularFileSync } from '@kav/core/kit'
import { withModelFiles, type ConversationModel } from './conversation-model.ts'
import type { PocketsphinxInstallation } from './find-installation.ts'
import type { NativeDecoder, PocketsphinxLibrary } from './pocketsphinx-library.ts'

const MAX_FEATURES_BYTES = 64 * 1024

/** What an utterance sounds like so far. */
export interface Heard {
  readonly text: string
  /**
   * How much worse the words explain the audio than free phones do, log score for each 10 ms of voice. Near 0 for
   * expected phrases, far below for anything else.
   */
  readonly margin: number
}

/** Two native decoders on the same audio: the conversation's words, and any phones at all. Owns native memory. */
export interface UtteranceDecoder {
  begin(): void
  /** Samples at 16 kHz. */
  feed(samples: Int16Array): void
  /** Best guess so far, for `voicedMs` of voice. Undefined while there is none. */
  guess(voicedMs: number): Heard | undefined
  /** Ends the utterance and looks at all of it once more. */
  end(voicedMs: number): Heard | undefined
  free(): void
}

/**
 * Weights of the language model in the three passes: heavy, because the phrases are known and the line is narrow
 * (closed domain of recorded prompts: 6.0 % of words wrong with the engine's defaults, 3.0 % with these).
 */
const LANGUAGE_WEIGHTS = ['-lw', '10', '-fwdflatlw', '12', '-bestpathlw', '12']
/**
 * Mean cepstrum the first utterance of a call is judged against; after that the engine follows the call. The model's
 * own values are those of wideband recordings, far from any telephone (41, -5, 0, …): these are the mean of recorded
 * and synthetic telephone speech.
 */
const TELEPHONE_CEPSTRUM = '54,5,8,9,10.5,-11,12,-7,0,7,-8,8,-2'
/** Context-free phones and narrow beams: a yardstick, not a transcript, at a third of the cost of the words. */
const PHONE_LOOP = ['-allphone_ci', 'yes', '-beam', '1e-20', '-pbeam', '1e-20', '-lw', '2.0']

/**
 * Lowest margin of an expected phrase. Every word costs the logarithm of how many others it might have been, so the
 * margin of all speech sinks with the vocabulary; measured with 3, 8 and 85 words.
 */
export function lowestMargin(vocabulary: number): number {
  return 2 - 5 * Math.log(Math.max(1, vocabulary))
}

/** Undefined when the engine refuses the model. */
export function createUtteranceDecoder(
  library: PocketsphinxLibrary,
  installation: PocketsphinxInstallation,
  model: ConversationModel,
): UtteranceDecoder | undefined {
  const acousticDir = join(installation.modelDir, 'en-us')
  const features = telephoneFeatures(
    readRegularFileSync(join(acousticDir, 'feat.params'), MAX_FEATURES_BYTES).toString('utf8'),
  )
  const decoders = withModelFiles({ ...model, features }, (files) => {
    const shared = ['-hmm', acousticDir, '-featparams', files.features, '-dict', files.dictionary]
    const words = library.createDecoder([...shared, '-lm', files.languageModel, ...LANGUAGE_WEIGHTS])
    if (words === undefined) return undefined
    const phoneModel = join(installation.modelDir, 'en-us-phone.lm.bin')
    const phones = library.createDecoder([...shared, '-allphone', phoneModel, ...PHONE_LOOP])
    if (phones !== undefined) return [words, phones] as const
    library.free(words)
    return undefined
  })
  if (decoders === undefined) return undefined
  const [words, phones] = decoders
  const both = (act: (decoder: NativeDecoder) => void): void => decoders.forEach(act)

  function heard(voicedMs: number): Heard | undefined {
    const hypothesis = library.hypothesis(words)
    if (hypothesis === undefined) return undefined
    const yardstick = library.hypothesis(phones)
    const difference = yardstick === undefined ? 0 : hypothesis.score - yardstick.score
    // A decoder whose engine wrote `word(2)` means a second pronunciation of the same word.
    const text = hypothesis.text.replace(/\(\d+\)/g, '')
    return { text, margin: difference / Math.max(1, voicedMs / 10) }
  }

  return {
    begin() {
      both(library.startStream)
      both(library.startUtterance)
    },
    feed: (samples) => both((decoder) => library.process(decoder, samples)),
    guess: heard,
    end(voicedMs) {
      both(library.endUtterance)
      return heard(voicedMs)
    },
    free: () => both(library.free),
  }
}

/** The model's feature settings with the telephone's mean. A file of its own, because it overrules arguments. */
function telephoneFeatures(settings: string): string {
  return `${settings.replace(/^-cmninit .*$/m, '').trim()}\n-cmninit ${TELEPHONE_CEPSTRUM}\n`
}
