export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?/y

/** The samples of a page of metrics (Prometheus text format, 0.0.4; exemplars of OpenMetrics are left out). */
export function samplesOf(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('#')) return []
    const found = SAMPLE.exec(withoutExemplar(line))
    return found === null
      ? []
      : [{ name: found[1]!, labels: labelsOf(found[2] ?? ''), value: numberOf(found[3]!) }]
  })
}

function withoutExemplar(line: string): string {
  const at = line.indexOf(' # {')
  return at < 0 ? line : line.slice(0, at)
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  for (let found = LABEL.exec(text); found !== null; found = LABEL.exec(text))
    labels[found[1]!] = unescaped(found[2]!)
  return labels
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_match: string, character: string) =>
    character === 'n' ? '\n' : character,
  )
}

function numberOf(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text)
}
