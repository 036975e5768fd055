import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A command that is installed, or that `npm test` took out of its package; it says why where it could not. */
export function debianCommand(name: string): string {
  const fetched = fileURLToPath(new URL(`../../../.cache/${name}/${name}`, import.meta.url))
  return existsSync(fetched) ? fetched : name
}
