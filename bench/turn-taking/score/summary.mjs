// Panels of many scenarios, added up by category, as tables.

import { addPanels } from '../../../packages/core/dist/panel/index.js'
import { table } from '../../lib/report.mjs'
import { CATEGORY_NAMES } from '../scenarios/all.mjs'

/** Turns alone: nothing else happens in the scenario. */
export const isTurn = ({ scenario }) => scenario.steps.length === 1
export const isComplete = ({ scenario: { category } }) =>
  category === 'complete' || category === 'short-answer'
const all = () => true

/** Number 3 of what turn-taking has to reach; `of` are the scenarios that it is measured on. */
const TARGETS = [
  atMost(
    'answer after a complete utterance, p50',
    isComplete,
    (panel) => panel.responseLatency.p50Ms,
    380,
    ms,
  ),
  atMost(
    'answer after a complete utterance, p95',
    isComplete,
    (panel) => panel.responseLatency.p95Ms,
    520,
    ms,
  ),
  atLeast('response rate, complete utterances', isComplete, (panel) => panel.response.rate, 1, percent),
  atMost('time to give way (10 dB softer), p50', all, (_, judged) => gaveWay(judged).p50Ms, 300, ms),
  atMost('time to give way (10 dB softer), p95', all, (_, judged) => gaveWay(judged).p95Ms, 450, ms),
  atMost('time to yield (silent), p50', all, (panel) => panel.timeToYield.p50Ms, 300, ms),
  atMost('time to yield (silent), p95', all, (panel) => panel.timeToYield.p95Ms, 450, ms),
  atLeast('yield rate', all, (panel) => panel.yield.rate, 0.99, percent),
  atLeast('backchannel selectivity', all, (panel) => panel.selectivity.backchannel.rate, 0.95, percent),
  atLeast('vocal tics', all, (panel) => panel.selectivity.vocalTic.rate, 0.9, percent),
  atLeast('not to the agent', all, (panel) => panel.selectivity.notToAgent.rate, 0.6, percent),
  atMost(
    'agent interruptions a turn',
    isTurn,
    (panel) => panel.agentInterruptions.rate,
    0.03,
    (rate) => rate.toFixed(3),
  ),
  atMost('replies broken by echo', all, (_, judged) => echoOf(judged)?.rate, 0.01, percent),
]

/** `[{ target, wanted, measured, passed }]`; what was not measured is left out. */
export function targetsOf(judged) {
  return TARGETS.flatMap(({ target, of, read, wanted, reaches, show, sign }) => {
    const scope = judged.filter(of)
    const value = read(addPanels(scope.map(({ panel }) => panel)), scope)
    if (value === undefined) return []
    return { target, wanted: `${sign} ${show(wanted)}`, measured: show(value), passed: reaches(value) }
  })
}

const HEAD = [
  'category',
  'scenarios',
  'answered',
  'answer p50 / p95, ms',
  'began inside a turn',
  'yielded',
  'gave way p50 / p95, ms',
  'silent p50 / p95, ms',
  'backchannels',
  'tics',
  'not to agent',
  'echo broke',
]

export function categoryTable(judged) {
  const names = CATEGORY_NAMES.filter((name) => judged.some(({ scenario }) => scenario.category === name))
  const rows = names.map((name) =>
    rowOf(
      name,
      judged.filter(({ scenario }) => scenario.category === name),
    ),
  )
  return table(HEAD, names.length > 1 ? [...rows, rowOf('all', judged)] : rows)
}

function rowOf(name, judged) {
  const panel = addPanels(judged.map((one) => one.panel))
  const { backchannel, vocalTic, notToAgent } = panel.selectivity
  return [
    name,
    judged.length,
    shareText(panel.response),
    timesText(panel.responseLatency),
    shareText(panel.agentInterruptions),
    shareText(panel.yield),
    timesText(gaveWay(judged)),
    timesText(panel.timeToYield),
    shareText(backchannel),
    shareText(vocalTic),
    shareText(notToAgent),
    shareText(echoOf(judged)),
  ]
}

const PLACE_HEAD = ['pause behind', 'turns', 'began inside a turn', 'answer p50 / p95, ms']

/** Turns with a pause inside, by the place of the pause. */
export function placeTable(judged) {
  const paused = judged.filter(({ scenario }) => scenario.category === 'pause')
  const places = [...new Set(paused.map(({ scenario }) => scenario.kind.replace('unseen-', '')))]
  const rows = places.map((place) => {
    const there = paused.filter(({ scenario }) => scenario.kind.replace('unseen-', '') === place)
    const { agentInterruptions, responseLatency } = addPanels(there.map(({ panel }) => panel))
    const { count, n } = agentInterruptions
    return [place, n, `${count}, ${percent(count / n)}`, timesText(responseLatency)]
  })
  return rows.length === 0 ? [] : table(PLACE_HEAD, rows)
}

export function gaveWay(judged) {
  return addPanels(judged.map(({ givenWay }) => givenWay)).timeToYield
}

export function echoOf(judged) {
  const echoes = judged.filter(({ echoBroke }) => echoBroke !== undefined)
  if (echoes.length === 0) return undefined
  const count = echoes.filter(({ echoBroke }) => echoBroke).length
  return { count, n: echoes.length, rate: count / echoes.length }
}

export const shareText = (share) => (share?.rate === undefined ? '' : `${percent(share.rate)} of ${share.n}`)
export const timesText = ({ n, p50Ms, p95Ms }) =>
  n === 0 ? '' : `${Math.round(p50Ms)} / ${Math.round(p95Ms)}`

function percent(rate) {
  const shown = (rate * 100).toFixed(1)
  return `${shown.endsWith('.0') ? shown.slice(0, -2) : shown} %`
}

function ms(value) {
  return `${Math.round(value)} ms`
}

function atMost(target, of, read, wanted, show) {
  return { target, of, read, wanted, show, sign: 'at most', reaches: (value) => value <= wanted }
}

function atLeast(target, of, read, wanted, show) {
  return { target, of, read, wanted, show, sign: 'at least', reaches: (value) => value >= wanted }
}
