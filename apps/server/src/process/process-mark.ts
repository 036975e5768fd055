import { readFileSync, readlinkSync } from 'node:fs'

/** Tells one process of all that ever ran from another, wherever its number can be seen. */
export interface ProcessMark {
  readonly pid: number
  /** When it started, in the system's own ticks: numbers of processes come again. */
  readonly startedTicks: string
  /** This boot of this machine, and the numbering (container) that `pid` belongs to. Empty where no system tells. */
  readonly space: string
}

/** `unseen`: another machine's or container's, or of a system that does not tell. */
export type ProcessState = 'alive' | 'dead' | 'unseen'

export function ownMark(): ProcessMark {
  return { pid: process.pid, startedTicks: processFacts(process.pid)?.startedTicks ?? '', space: ownSpace() }
}

export function stateOf(mark: ProcessMark, own: ProcessMark): ProcessState {
  if (own.space === '' || mark.space !== own.space) return 'unseen'
  const facts = processFacts(mark.pid)
  if (facts === undefined || facts.startedTicks !== mark.startedTicks) return 'dead'
  // Ended, and its parent has not asked yet.
  return facts.state === 'Z' || facts.state === 'X' ? 'dead' : 'alive'
}

function ownSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/** proc(5): the name of the program stands in brackets and may hold anything; the fields are counted behind it. */
function processFacts(pid: number): { state: string; startedTicks: string } | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', startedTicks: fields[19] ?? '' }
  } catch {
    return undefined
  }
}
