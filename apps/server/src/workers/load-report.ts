import type { LoopLag } from '../admission/loop-lag.ts'
import type { CallServer } from '../service/call-server.ts'
import type { WorkerLoad } from './messages.ts'

const US_PER_MS = 1000

/** Tells how loaded the process is: that it is there at once, and then each second. */
export function tellLoad(
  lag: LoopLag,
  server: Pick<CallServer, 'status'>,
  tell: (load: WorkerLoad) => void,
): void {
  tell({ cpuShare: 0, lagMs: 0, status: server.status() })
  let before = process.cpuUsage()
  let beforeMs = performance.now()
  lag.onSecond((lagMs) => {
    const [now, nowMs] = [process.cpuUsage(), performance.now()]
    const usedMs = (now.user + now.system - before.user - before.system) / US_PER_MS
    tell({ cpuShare: usedMs / (nowMs - beforeMs), lagMs, status: server.status() })
    ;[before, beforeMs] = [now, nowMs]
  })
}
