// Logistic regression by stochastic gradient descent with AdaGrad steps; the same examples give the same weights.

import { createRandom } from '../../lib/random.mjs'
import {
  createCompletenessFeatures,
  MAX_FEATURES,
} from '../../../packages/core/dist/language/completeness/completeness-features.js'

const EPOCHS = 2
const STEP = 0.05
const SEED = 7

/** `examples`: `[{ words, complete, weight }]`. Weights as a Float32Array of `tableSize`. */
export function fit(examples, { frequent, tableSize, epochs = EPOCHS, step = STEP }) {
  const features = createCompletenessFeatures({ frequent, tableSize })
  const places = new Int32Array(MAX_FEATURES)
  const rows = examples.map(({ words }) => places.slice(0, features.write(words, places)))
  const weights = new Float32Array(tableSize)
  const squares = new Float32Array(tableSize).fill(1)
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
  return weights
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

/** As bytes: `{ frequent, scale, table }`. */
export function pack(weights, frequent) {
  const sizes = weights.map(Math.abs).sort()
  const scale = sizes[Math.floor(sizes.length * 0.9995)] / 127
  const bytes = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale))))
  return {
    frequent: [...frequent].join(' '),
    scale: Number(scale.toPrecision(4)),
    table: Buffer.from(bytes.buffer).toString('base64'),
  }
}
