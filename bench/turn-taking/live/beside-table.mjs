// Several systems that were played the same scenarios, side by side.

import { addPanels } from '../../../packages/core/dist/panel/index.js'
import { table } from '../../lib/report.mjs'
import { echoOf, gaveWay, isComplete, isTurn, shareText, timesText } from '../score/summary.mjs'

const isPaused = ({ scenario: { category } }) => category === 'pause'
const all = () => true

/** `read(panel, judged)` gives shares and times of `score/summary.mjs`; the best of a row has the most or the least. */
const ROWS = [
  share('answered, complete utterances', isComplete, (panel) => panel.response, most),
  times('answer after a complete utterance, p50 / p95 ms', isComplete, (panel) => panel.responseLatency),
  share('answered, turns with a pause inside', isPaused, (panel) => panel.response, most),
  times('answer after a turn with a pause inside, p50 / p95 ms', isPaused, (panel) => panel.responseLatency),
  share('began inside a turn', isTurn, (panel) => panel.agentInterruptions, least),
  share('yielded to an interruption', all, (panel) => panel.yield, most),
  times('time to give way (10 dB softer), p50 / p95 ms', all, (_, judged) => gaveWay(judged)),
  times('time to yield (silent), p50 / p95 ms', all, (panel) => panel.timeToYield),
  share('talked on through a backchannel', all, (panel) => panel.selectivity.backchannel, most),
  share('talked on through a vocal tic', all, (panel) => panel.selectivity.vocalTic, most),
  share('talked on through speech to others', all, (panel) => panel.selectivity.notToAgent, most),
  share('replies broken by their own echo', all, (_, judged) => echoOf(judged), least),
]

/** `systems`: `[{ name, judged, competes? }]`. The best of each row is bold, of those that compete; equal ones all are. */
export function besideTable(systems) {
  const rows = ROWS.map(({ title, of, read, show, value, better }) => {
    const found = systems.map(({ judged }) => {
      const scope = judged.filter(of)
      return read(addPanels(scope.map(({ panel }) => panel)), scope)
    })
    const values = found.map(value)
    const competes = (n) => systems[n].competes !== false && values[n] !== undefined
    const best = better(values.filter((_, n) => competes(n)))
    return [
      title,
      ...found.map((one, n) => (competes(n) && values[n] === best ? `**${show(one)}**` : show(one))),
    ]
  })
  return table(['', ...systems.map(({ name }) => name)], rows)
}

function share(title, of, read, better) {
  return { title, of, read, better, show: shareText, value: (found) => found?.rate }
}

/** By the median. */
function times(title, of, read) {
  return {
    title,
    of,
    read,
    better: least,
    show: timesText,
    value: ({ n, p50Ms }) => (n === 0 ? undefined : Math.round(p50Ms)),
  }
}

function most(values) {
  return Math.max(...values)
}

function least(values) {
  return Math.min(...values)
}
