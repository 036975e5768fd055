import { readFileSync } from 'node:fs'

export interface Vector {
  readonly topic: string
  readonly text: string
  readonly pieces: readonly string[]
}

/** The vectors of a file beside this one: one a line, ¦ where it is cut, ⏎ a line break; topics begin with `# `. */
export function vectorsIn(file: string): Vector[] {
  const vectors: Vector[] = []
  let topic = ''
  const [, ...lines] = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n')
  for (const line of lines) {
    if (line === '') continue
    if (line.startsWith('# ') && !line.includes('⏎')) topic = line.slice(2)
    else {
      const pieces = line.replaceAll('⏎', '\n').split('¦')
      vectors.push({ topic, text: pieces.join(''), pieces: pieces.map((piece) => piece.trim()) })
    }
  }
  return vectors
}
