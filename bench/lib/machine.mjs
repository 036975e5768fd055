// The machine a measurement ran on, and what else it was doing just before.

import { readFileSync } from 'node:fs'
import { cpus, getPriority, loadavg, release, totalmem } from 'node:os'

const WATCH_MS = 2000

/** Looks at the machine for two seconds, so call it before anything is started. */
export async function describeMachine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: `${process.platform} ${release().split('-')[0]}`,
    before: await watch(),
  }
}

async function watch() {
  const watched = watchMachine()
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS))
  return watched()
}

/**
 * `watched()` tells of the time since: load average and, where `/proc` tells, the share of all cores that was busy and
 * that the host took away.
 */
export function watchMachine() {
  const first = cpuTicks()
  return () => {
    const second = cpuTicks()
    const load = Number(loadavg()[0].toFixed(2))
    if (first === undefined || second === undefined) return { load }
    const spent = second.map((ticks, index) => ticks - first[index])
    const all = spent.reduce((sum, ticks) => sum + ticks, 0)
    // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal.
    const [, , , idle, waiting, , , stolen] = spent
    return { load, busyShare: (all - idle - waiting - stolen) / all, stolenShare: stolen / all }
  }
}

function cpuTicks() {
  try {
    const [line] = readFileSync('/proc/stat', 'utf8').split('\n')
    return line.trim().split(/\s+/).slice(1, 9).map(Number)
  } catch {
    return undefined
  }
}

/** `load 0.31, 2 % busy, 0 % taken by the host`. */
export function beforeText({ load, busyShare, stolenShare }) {
  if (busyShare === undefined) return `load ${load}`
  const percent = (share) => `${(share * 100).toFixed(0)} %`
  return `load ${load}, ${percent(busyShare)} busy, ${percent(stolenShare)} taken by the host`
}

/** How far this process and those it starts are ahead of others: 0 to -20, of their scheduling group (sched(7)) or their own. */
export function niceness() {
  const own = getPriority()
  try {
    return own + Number(/nice (-?\d+)/.exec(readFileSync('/proc/self/autogroup', 'utf8'))[1])
  } catch {
    return own
  }
}
