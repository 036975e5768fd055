import type { PromiseResult, SuiteResult } from '@kav/core/testing'

/** How the last line of a report begins: without it the process has ended before the check had. */
export const RESULT = 'result: '

/** The option of a suite without which a promise has no case. */
const OPTION_BY_PROMISE: Readonly<Record<string, string>> = {
  stalled: 'createStalled',
  streams: 'createStalled',
  cut: 'createCut',
  reconnects: 'createCutOnce',
  fault: 'createFailing',
  'fault-class': 'createFailing and failingClass',
  secrets: 'secrets',
  hints: 'receivedOptions',
  language: 'receivedOptions',
  instructions: 'receivedOptions',
  region: 'receivedOptions',
  'each-format': 'receivedOptions or speechIn',
  unchanged: 'sent',
  'asked-format': 'sent and receivedOptions',
  'abort-unasked': 'asked',
  conversation: 'receivedText',
  offers: 'receivedText and toolCall',
  'summary-before': 'receivedText',
  'cut-call': 'createCutCall and toolCall',
  history: 'receivedText',
  heard: 'receivedHeardMs',
  'write-safe': 'createCut',
  'acts-no-more': 'carriedOut',
  values: 'carriesValues',
  transferred: 'putThroughTo',
  placed: 'pickUp',
  'placed-over': 'ringOut',
  unproven: 'dialUnproven',
  tools: 'toolCall (llm) or tool (realtime)',
  'tool-results': 'toolCall',
  'late-results': 'tool',
}

/** What a person reads of one suite. */
export function reportLines({ kind, promises, figures }: SuiteResult): string[] {
  const count = (state: PromiseResult['state']) =>
    promises.filter((promise) => promise.state === state).length
  const summary = `${kind}: ${promises.length} promises, ${count('kept')} kept, ${count('broken')} broken, ${count('not-shown')} not shown`
  return [
    summary,
    ...promises.flatMap(linesOf),
    ...figures.map(({ name, value, unit }) => `  ${'figure'.padEnd(9)}  ${name}: ${rounded(value)} ${unit}`),
  ]
}

function linesOf({ id, says, at, where: holds, state, cases }: PromiseResult): string[] {
  const line = `  ${state.replace('-', ' ').padEnd(9)}  ${says}`
  if (state === 'not-shown') {
    const give = `give ${OPTION_BY_PROMISE[id] ?? 'what the suite needs for it'}`
    return [`${line} (${holds === undefined ? '' : `${holds}; `}${give})`]
  }
  const faults = cases.flatMap(({ name, fault }) =>
    fault === undefined ? [] : [`case: ${name}`, `it says: ${fault}`],
  )
  const where = faults.length > 0 ? [`promise: ${at}`] : []
  return [line, ...[...faults, ...where].map((told) => `${' '.repeat(13)}${told}`)]
}

const rounded = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0))
