import { readFileSync } from 'node:fs'

/** Of this package; from src and from dist alike. */
export function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return String((JSON.parse(text) as { version?: unknown }).version)
}
