// The scenarios that are played in real time: fewer, because they take as long as they are, and always the same ones.

import { CATEGORY_NAMES } from '../scenarios/all.mjs'
import { hashOf } from '../scenarios/draw.mjs'

/** Of every category the same share, at least one, spread over its kinds and languages. In the order of the hashes of their ids. */
export function chooseSubset(scenarios, share) {
  return CATEGORY_NAMES.flatMap((category) => {
    const ofCategory = scenarios.filter((scenario) => scenario.category === category)
    const ranked = rankInGroups(ofCategory).sort((a, b) => a.rank - b.rank || a.hash - b.hash)
    return ranked.slice(0, Math.ceil(share * ofCategory.length))
  })
    .sort((a, b) => a.hash - b.hash)
    .map(({ scenario }) => scenario)
}

/** `rank`: the first of each kind and language have 0, the second 1. */
function rankInGroups(scenarios) {
  const groups = new Map()
  const hashed = scenarios.map((scenario) => ({ scenario, hash: hashOf(scenario.id) }))
  return hashed
    .sort((a, b) => a.hash - b.hash)
    .map((one) => {
      const group = `${one.scenario.kind}.${one.scenario.language}`
      const rank = groups.get(group) ?? 0
      groups.set(group, rank + 1)
      return { ...one, rank }
    })
}
