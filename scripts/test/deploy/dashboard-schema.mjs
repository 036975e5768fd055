/**
 * What Grafana's dashboard JSON model says of the parts that we write, closed, so that a misspelt field is found
 * (grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model).
 */
const text = { type: 'string' }
const whole = { type: 'integer', minimum: 0 }
const closed = (properties, optional = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})
const listOf = (items, more = {}) => ({ type: 'array', items, ...more })
const source = closed({ type: { const: 'prometheus' }, uid: text })
const colour = { enum: ['green', 'orange', 'red'] }
const mapping = closed({
  type: { const: 'value' },
  options: {
    type: 'object',
    additionalProperties: closed({ text, color: colour, index: whole }),
    propertyNames: { pattern: '^\\d+$' },
  },
})

const defaults = closed(
  {
    unit: { enum: ['s', 'bytes'] },
    min: { type: 'number' },
    mappings: listOf(mapping),
    thresholds: closed({
      mode: { enum: ['absolute', 'percentage'] },
      // The first has no bound.
      steps: listOf(closed({ color: colour, value: { type: ['number', 'null'] } }), { minItems: 1 }),
    }),
    custom: closed(
      {
        fillOpacity: { type: 'integer', minimum: 0, maximum: 100 },
        lineWidth: { type: 'integer', minimum: 0, maximum: 10 },
        thresholdsStyle: closed({ mode: { enum: ['off', 'line', 'dashed', 'area', 'line+area'] } }),
      },
      ['thresholdsStyle'],
    ),
  },
  ['unit', 'mappings', 'thresholds', 'custom'],
)

const panel = closed({
  id: { type: 'integer', minimum: 1 },
  type: { enum: ['stat', 'timeseries', 'state-timeline'] },
  title: { type: 'string', minLength: 1 },
  description: text,
  datasource: source,
  gridPos: closed({
    x: { type: 'integer', minimum: 0, maximum: 23 },
    y: whole,
    w: { type: 'integer', minimum: 1, maximum: 24 },
    h: { type: 'integer', minimum: 1 },
  }),
  targets: listOf(
    closed({
      refId: { type: 'string', pattern: '^[A-Z]$' },
      datasource: source,
      expr: { type: 'string', minLength: 1 },
      legendFormat: text,
      range: { type: 'boolean' },
    }),
    { minItems: 1 },
  ),
  fieldConfig: closed({ defaults, overrides: listOf({}) }),
  options: { type: 'object' },
})

export const DASHBOARD_SCHEMA = closed({
  uid: { type: 'string', minLength: 1, maxLength: 40, pattern: '^[A-Za-z0-9_-]+$' },
  title: { type: 'string', minLength: 1 },
  description: text,
  tags: listOf(text),
  schemaVersion: { type: 'integer', minimum: 36 },
  version: whole,
  editable: { type: 'boolean' },
  timezone: { enum: ['', 'utc', 'browser'] },
  refresh: { type: 'string', pattern: '^(\\d+[smhd])?$' },
  time: closed({ from: text, to: text }),
  annotations: closed({ list: listOf({}) }),
  links: listOf({}),
  templating: closed({
    list: listOf({
      type: 'object',
      properties: {
        name: { type: 'string', pattern: '^\\w+$' },
        type: { enum: ['datasource', 'query'] },
        query: {},
        refresh: { enum: [0, 1, 2] },
        sort: { type: 'integer', minimum: 0, maximum: 8 },
      },
      required: ['name', 'type', 'query', 'refresh'],
    }),
  }),
  panels: listOf(panel, { minItems: 1 }),
})
