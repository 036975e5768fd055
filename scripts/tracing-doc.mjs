// The tables of docs/tracing.md, from the source of @kav/telemetry-otel.
import { ATTRIBUTES, SEMCONV_VERSION, SPANS } from '../packages/telemetry-otel/dist/index.js'

const SOURCE = 'generated from packages/telemetry-otel by `npm run generate`'

/** The page with its tables as the source has them. */
export function refreshTracingDoc(page) {
  const tables = { spans: spansTable(), attributes: attributesTable(), semconv: semconvLine() }
  return Object.entries(tables).reduce((text, [name, table]) => withTable(text, name, table), page)
}

function withTable(page, name, table) {
  const begin = `<!-- ${name}: ${SOURCE} -->`
  const from = page.indexOf(begin)
  const to = page.indexOf(`<!-- end of ${name} -->`)
  if (from === -1 || to < from) throw new Error(`docs/tracing.md: ${begin} is missing, or its end`)
  return `${page.slice(0, from)}${begin}\n${table}\n${page.slice(to)}`
}

function spansTable() {
  const rows = Object.entries(SPANS).map(
    ([name, { under, kind, part, about }]) =>
      `| \`${name}\` | ${under} | ${part ? 'part' : kind} | ${about} |`,
  )
  return ['| Span | Lies in | Kind | What it is |', '|---|---|---|---|', ...rows].join('\n')
}

function attributesTable() {
  const rows = Object.entries(ATTRIBUTES).map(
    ([key, { spans, about }]) => `| \`${key}\` | ${spans} | ${about} |`,
  )
  return ['| Attribute | Spans | What it is |', '|---|---|---|', ...rows].join('\n')
}

function semconvLine() {
  return `Names that begin with \`gen_ai.\`, and \`error.type\`, are those of OpenTelemetry's semantic conventions ${SEMCONV_VERSION}, whose part on generative AI is still in development: the schema URL of every span says ${SEMCONV_VERSION}.`
}
