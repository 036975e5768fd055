import { createHarmonyRestorer } from './harmony-words.ts'
import { createLabelledThoughts } from './labelled-thoughts.ts'
import { stagesInOrder, type TextStage } from './text-stage.ts'
import { createVocabularyMarks } from './vocabulary-marks.ts'
import { createWrappedWords } from './wrapped-words.ts'

/** What models and servers write in a form of their own, put into words and marks. */
export function createWrittenForms(): TextStage {
  return stagesInOrder([
    createVocabularyMarks(),
    createHarmonyRestorer(),
    createLabelledThoughts(),
    createWrappedWords(),
  ])
}
