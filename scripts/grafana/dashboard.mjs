import { GRAPHS, NUMBERS } from './panels.mjs'

const WIDTH = 24
const NUMBER = { w: 4, h: 4 }
const GRAPH = { w: 8, h: 8 }
const SOURCE = { type: 'prometheus', uid: '${datasource}' }
const STATE_COLOURS = ['green', 'orange', 'red']
const FIGURE = /\b((?:kav|nodejs|process)_\w+)(?:\{([^}]*)\})?/g

/** The dashboard as Grafana imports it: `docs/sources/dashboards/build-dashboards/view-dashboard-json-model` of Grafana. */
export function dashboard() {
  const rowOf = (index, { w, h }, y) => ({
    x: (index * w) % WIDTH,
    y: y + Math.floor((index * w) / WIDTH) * h,
    w,
    h,
  })
  const panels = [
    ...NUMBERS.map((number, index) => numberPanel(number, rowOf(index, NUMBER, 0))),
    ...GRAPHS.map((graph, index) => graphPanel(graph, rowOf(index, GRAPH, NUMBER.h))),
  ].map((panel, index) => ({ id: index + 1, ...panel }))
  return {
    uid: 'kav',
    title: 'Kav',
    description:
      'Calls, how callers hear them, and the processes that carry them. Made by `npm run generate`.',
    tags: ['kav'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    timezone: '',
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    annotations: { list: [] },
    links: [],
    templating: { list: [prometheusChoice(), processChoice()] },
    panels,
  }
}

function numberPanel({ title, about = '', query, unit, orange, red }, gridPos) {
  const isJudged = orange !== undefined || red !== undefined
  return {
    type: 'stat',
    title,
    description: about,
    datasource: SOURCE,
    gridPos,
    targets: targets([[query, '']]),
    fieldConfig: {
      defaults: { ...(unit && { unit }), min: 0, ...(isJudged && { thresholds: thresholds(orange, red) }) },
      overrides: [],
    },
    options: {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      colorMode: isJudged ? 'background' : 'value',
    },
  }
}

function graphPanel({ title, about = '', unit, red, states, lines }, gridPos) {
  const drawn = states
    ? {
        mappings: [{ type: 'value', options: Object.fromEntries(states.map(stateOption)) }],
        custom: { fillOpacity: 70, lineWidth: 0 },
      }
    : {
        ...(red !== undefined && { thresholds: thresholds(undefined, red) }),
        custom: {
          fillOpacity: 10,
          lineWidth: 1,
          thresholdsStyle: { mode: red === undefined ? 'off' : 'line' },
        },
      }
  return {
    type: states ? 'state-timeline' : 'timeseries',
    title,
    description: about,
    datasource: SOURCE,
    gridPos,
    targets: targets(lines),
    fieldConfig: { defaults: { ...(unit && { unit }), min: 0, ...drawn }, overrides: [] },
    options: states
      ? { showValue: 'never', mergeValues: true }
      : {
          legend: { displayMode: 'list', placement: 'bottom' },
          tooltip: { mode: 'multi', sort: 'desc' },
        },
  }
}

function stateOption(text, index) {
  return [`${index}`, { text, color: STATE_COLOURS[index], index }]
}

function thresholds(orange, red) {
  const steps = [
    { color: 'green', value: null },
    ...(orange === undefined ? [] : [{ color: 'orange', value: orange }]),
    ...(red === undefined ? [] : [{ color: 'red', value: red }]),
  ]
  return { mode: 'absolute', steps }
}

function targets(lines) {
  return lines.map(([query, legendFormat], index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: SOURCE,
    expr: ofChosenProcesses(query),
    legendFormat,
    range: true,
  }))
}

function ofChosenProcesses(query) {
  return query.replace(FIGURE, (_whole, name, selector) => {
    const all = [...(selector ? [selector] : []), 'instance=~"$instance"']
    return `${name}{${all.join(',')}}`
  })
}

function prometheusChoice() {
  return {
    name: 'datasource',
    label: 'Prometheus',
    type: 'datasource',
    query: 'prometheus',
    hide: 0,
    includeAll: false,
    multi: false,
    refresh: 1,
  }
}

function processChoice() {
  const query = 'label_values(kav_promised_calls, instance)'
  return {
    name: 'instance',
    label: 'Process',
    type: 'query',
    datasource: SOURCE,
    definition: query,
    query: { query, refId: 'instance' },
    includeAll: true,
    allValue: '.+',
    multi: true,
    refresh: 2,
    sort: 1,
    current: { text: ['All'], value: ['$__all'] },
  }
}
