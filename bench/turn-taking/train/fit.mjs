// Logistic regression by stochastic gradient descent with AdaGrad steps; the same examples give the same weights.

import { createRandom } from '../../lib/random.mjs'
import {
  createCompletenessFeatures,
  MAX_FEATURES,
} from '../../../packages/core/dist/language/completeness/completeness-features.js'
import { writeWeightTable } from '../../../packages/core/dist/language/completeness/weight-table.js'

const EPOCHS = 2
const STEP = 0.05
const SEED = 7
/** What was seen less often says nothing. */
const MIN_SEEN = 3

/** `examples`: `[{ words, complete, weight }]`. Weights by feature, a Map. */
export function fit(examples, { frequent, epochs = EPOCHS, step = STEP, minSeen = MIN_SEEN }) {
  const { rows, features } = rowsOf(examples, frequent, minSeen)
  const weights = new Float32Array(features.length)
  const squares = new Float32Array(features.length).fill(1)
  const random = createRandom(SEED)
  const order = Uint32Array.from(examples.keys())
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    for (const at of order) {
      const row = rows[at]
      let sum = 0
      for (let n = 0; n < row.length; n++) sum += weights[row[n]]
      const slope = (1 / (1 + Math.exp(-sum)) - Number(examples[at].complete)) * examples[at].weight
      for (let n = 0; n < row.length; n++) {
        const place = row[n]
        squares[place] += slope * slope
        weights[place] -= (step * slope) / Math.sqrt(squares[place])
      }
    }
  }
  return new Map(features.map((feature, place) => [feature, weights[place]]))
}

/** Of each example the features, as places in `features`, which holds those that were seen often enough. */
function rowsOf(examples, frequent, minSeen) {
  const written = createCompletenessFeatures(frequent)
  const found = new Uint32Array(MAX_FEATURES)
  const all = examples.map(({ words }) => found.slice(0, written.write(words, found)))
  const seen = new Map()
  for (const row of all) for (const feature of row) seen.set(feature, (seen.get(feature) ?? 0) + 1)
  const features = [...seen.keys()].filter((feature) => seen.get(feature) >= minSeen)
  const places = new Map(features.map((feature, place) => [feature, place]))
  const rows = all.map((row) =>
    Uint32Array.from([...row].filter((feature) => places.has(feature)).map((feature) => places.get(feature))),
  )
  return { rows, features }
}

function shuffle(order, random) {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const kept = order[at]
    order[at] = order[other]
    order[other] = kept
  }
}

/** The words that are said most. */
export function frequentWords(examples, most) {
  const counts = new Map()
  for (const { words, complete } of examples) {
    if (complete) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return new Set(sorted.slice(0, most).map(([word]) => word))
}

/** As bytes: `{ frequent, scale, offset, table }`; of the weights the largest, so that a quarter of the slots stays free. */
export function pack(weights, frequent, slots) {
  const kept = [...weights]
    .sort(([a, m], [b, n]) => Math.abs(n) - Math.abs(m) || a - b)
    .slice(0, Math.floor(slots * 0.75))
  const scale = Math.abs(kept[Math.floor(kept.length * 0.002)][1]) / 127
  const steps = kept.map(([feature, weight]) => [
    feature,
    Math.max(-127, Math.min(127, Math.round(weight / scale))),
  ])
  return {
    frequent: [...frequent].join(' '),
    scale: Number(scale.toPrecision(4)),
    offset: 0,
    table: Buffer.from(writeWeightTable(new Map(steps), slots)).toString('base64'),
  }
}
