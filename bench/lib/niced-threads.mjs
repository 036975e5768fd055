import { readdirSync, readFileSync } from 'node:fs'

const TICK_MS = 10
/** Of what `/proc/PID/task/TID/stat` has behind the name: utime, stime and nice. proc_pid_stat(5). */
const [USER, SYSTEM, NICE] = [11, 12, 16]

/** CPU time in ms of those threads of this process that stand back behind the others. Linux only. */
export function nicedThreadsMs() {
  let ticks = 0
  for (const task of readdirSync('/proc/self/task')) {
    const fields = fieldsOf(task)
    if (fields && Number(fields[NICE]) > 0) ticks += Number(fields[USER]) + Number(fields[SYSTEM])
  }
  return ticks * TICK_MS
}

function fieldsOf(task) {
  try {
    const text = readFileSync(`/proc/self/task/${task}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It has ended since.
    return undefined
  }
}
