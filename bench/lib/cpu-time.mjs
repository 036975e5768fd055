import { readFileSync, readdirSync } from 'node:fs'

/** On-CPU time of all threads of a process by /proc (Linux), or undefined where there is none. */
export function processCpuNs(pid) {
  try {
    let total = 0
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      total += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    }
    return total
  } catch {
    return undefined
  }
}
