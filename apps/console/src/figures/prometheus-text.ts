export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g

/** The samples of a page of metrics (Prometheus text format, 0.0.4; exemplars of OpenMetrics are left out). */
export function samplesOf(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('#')) return []
    const found = SAMPLE.exec(line.replace(/ # \{.*$/, ''))
    return found === null
      ? []
      : [{ name: found[1]!, labels: labelsOf(found[2] ?? ''), value: numberOf(found[3]!) }]
  })
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(LABEL)].map(([, name, value]) => [name!, unescaped(value!)] as const)
  return Object.fromEntries(pairs)
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_match: string, character: string) =>
    character === 'n' ? '\n' : character,
  )
}

function numberOf(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text)
}
