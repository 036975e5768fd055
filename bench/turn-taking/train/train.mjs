// Trains the models of complete utterances and writes their weights into the core.
//
//   node bench/turn-taking/train/train.mjs --corpora DIR [--only en|he] [--without NAME] [--dry-run]
//
// DIR holds a clone of each repository of `corpora.mjs`, in a folder `owner+name`. What is printed is measured on the
// corpora's own validation splits. `--without` leaves a corpus out and judges by it alone: how well the model does on
// what it has seen nothing of.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { table } from '../../lib/report.mjs'
import { createDoneModel } from '../../../packages/core/dist/language/completeness/done-probability.js'
import { utteranceShape } from '../../../packages/core/dist/language/utterance/utterance-shape.js'
import { areaUnderCurve, calibrate, unseenExamples } from './calibrate.mjs'
import { AMI, CORPORA, HEBREW_CORPORA, readCorpus } from './corpora.mjs'
import { isSaying, readAmi } from './ami.mjs'
import { createTurnExamples, examplesOfSpeech } from './examples.mjs'
import { fit, frequentWords, pack } from './fit.mjs'
import { templateTurns } from './templates/turns.mjs'
import { writtenTurns } from './written/written-turns.mjs'
import { UNSEEN_HALVES } from '../unseen/unseen-phrases.mjs'

const SLOTS = 32_768
const FREQUENT = 300
/** Nothing else is of people who call. */
const TEMPLATES_WEIGHT = 3
const WRITTEN_WEIGHT = 8
const FOLDER = new URL('../../../packages/core/src/language/completeness/weights/', import.meta.url)
/** Complete utterances of which so many may be taken for unfinished ones. */
const FALSE_SHARES = [0.01, 0.02, 0.05, 0.1]

const { values } = parseArgs({
  options: {
    corpora: { type: 'string' },
    only: { type: 'string' },
    without: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  },
})

if (values.corpora === undefined) throw new Error('--corpora: names the folder of the clones')

const LANGUAGES = {
  en: { name: 'ENGLISH', sources: englishSources },
  he: { name: 'HEBREW', sources: hebrewSources },
}

for (const [language, { name, sources }] of Object.entries(LANGUAGES)) {
  if (values.only !== undefined && values.only !== language) continue
  const found = sources()
  const packed = train(
    found.filter((source) => source.name !== values.without),
    language,
  )
  console.log(`\n## ${language}\n`)
  console.log(report(found, packed, language).join('\n'))
  console.log(`\n${unseenReport(packed, language).join('\n')}`)
  if (!values['dry-run']) writeFileSync(new URL(`${language}.ts`, FOLDER), moduleOf(name, packed))
}

function englishSources() {
  return [
    ...corpora(CORPORA, 'en'),
    ...calls('en'),
    { name: AMI.name, examples: examplesOfSpeech(readAmi(values.corpora).filter(isSaying)) },
  ]
}

function hebrewSources() {
  return [...corpora(HEBREW_CORPORA, 'he'), ...calls('he')]
}

function corpora(list, language) {
  return list.map((corpus) => ({
    name: corpus.name,
    examples: readCorpus(values.corpora, corpus).flatMap(createTurnExamples(language)),
  }))
}

/** What people say who call. */
function calls(language) {
  return [
    { name: 'templates', turns: templateTurns(language), weight: TEMPLATES_WEIGHT },
    { name: 'written', turns: writtenTurns(language), weight: WRITTEN_WEIGHT },
  ].map(({ name, turns, weight }) => ({
    name,
    examples: turns
      .flatMap(createTurnExamples(language))
      .map((one) => ({ ...one, weight: one.weight * weight })),
  }))
}

/** As sure of itself as it is right about phrases that it has not seen. */
function train(sources, language) {
  const examples = sources.flatMap((source) => source.examples).filter(({ split }) => split === 'train')
  const frequent = frequentWords(examples, FREQUENT)
  const packed = pack(fit(examples, { frequent }), frequent, SLOTS)
  const { slope, offset } = calibrate(createDoneModel(packed), language)
  return { ...packed, scale: rounded(packed.scale * slope), offset: rounded(offset) }
}

function rounded(value) {
  return Number(value.toPrecision(4))
}

/** Of each corpus: pauses that are found, where so many complete utterances are taken for one; and those of the lists. */
function report(sources, packed, language) {
  const model = createDoneModel(packed)
  const validated = sources.filter(({ examples }) => examples.some(({ split }) => split === 'valid'))
  const rows = validated.map(({ name, examples }) => {
    const judged = examples
      .filter(({ split }) => split === 'valid')
      .map((example) => ({ ...example, probability: model(example.words) }))
    const byLists = ({ words }) => utteranceShape(words.join(' '), language) !== 'complete'
    return [
      name,
      ...FALSE_SHARES.map((share) => {
        const below = boundAt(judged, share)
        return `${percent(foundShare(judged, ({ probability }) => probability < below))} below ${below.toFixed(2)}`
      }),
      `${percent(foundShare(judged, byLists))} at ${percent(foundShare(judged, byLists, true))}`,
    ]
  })
  return table(['corpus', ...FALSE_SHARES.map((share) => `at ${percent(share)}`), 'word lists'], rows)
}

/** Of phrases that nothing was trained on: those by which the model was calibrated, and the others. */
function unseenReport(packed, language) {
  const model = createDoneModel(packed)
  const rows = UNSEEN_HALVES.map((half) => {
    const judged = unseenExamples(language, half).map((one) => ({ ...one, done: model(one.words) }))
    const ofClauses = judged.filter(({ complete, list }) => complete || list === 'clause')
    const loss = judged.map(({ complete, done }) => -Math.log(complete ? done : 1 - done))
    return [
      half,
      areaUnderCurve(judged).toFixed(3),
      areaUnderCurve(ofClauses).toFixed(3),
      (loss.reduce((sum, one) => sum + one, 0) / loss.length).toFixed(3),
    ]
  })
  return table(['unseen phrases', 'area under the curve', 'against clauses', 'log loss'], rows)
}

function boundAt(judged, share) {
  const complete = judged.filter((one) => one.complete).sort((a, b) => a.probability - b.probability)
  return complete[Math.floor(complete.length * share)]?.probability ?? 0
}

function foundShare(judged, isFound, complete = false) {
  const of = judged.filter((one) => one.complete === complete)
  const sum = (list) => list.reduce((total, { weight }) => total + weight, 0)
  return sum(of.filter(isFound)) / sum(of)
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`
}

function moduleOf(name, { frequent, scale, offset, table: bytes }) {
  return `// Generated by bench/turn-taking/train/train.mjs: do not edit.
import type { CompletenessWeights } from './completeness-weights.ts'

export const ${name}_WEIGHTS: CompletenessWeights = {
  frequent:
    ${quoted(frequent)},
  scale: ${scale},
  offset: ${offset},
  table:
    '${bytes}',
}
`
}

/** With the quotes that need fewer escapes, as the code is formatted. */
function quoted(text) {
  const count = (sign) => text.split(sign).length
  return count("'") > count('"') ? JSON.stringify(text) : `'${text.replaceAll("'", "\\'")}'`
}
