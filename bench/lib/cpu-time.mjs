import { readFileSync, readdirSync } from 'node:fs'

/** Linux counts in these, whatever the kernel's own tick. */
const TICKS_A_SECOND = 100

/**
 * On-CPU time of a process, all threads, by /proc (Linux), or undefined where there is none. The sum is exact; how it
 * divides into user and system time is what the kernel made of it.
 */
export function processCpu(pid) {
  try {
    let totalNs = 0
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      totalNs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    }
    // The name in brackets may hold spaces: fields are counted from behind it (proc_pid_stat(5): 14 and 15).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ms = (field) => (Number(fields[field - 3]) * 1000) / TICKS_A_SECOND
    return { cpuMs: totalNs / 1e6, userMs: ms(14), systemMs: ms(15) }
  } catch {
    return undefined
  }
}
