import { readFileSync } from 'node:fs'

/**
 * Resident memory of a process in MB by /proc (Linux): all that it has (`residentMb`), and with pages that others
 * have, too, in equal parts (`ownMb`): those may be added up. Undefined where there is none.
 */
export function memoryOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const mb = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]) / 1024
    return { residentMb: mb('Rss'), ownMb: mb('Pss') }
  } catch {
    return undefined
  }
}
