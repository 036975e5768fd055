import type { LoopLag } from '../admission/loop-lag.ts'
import type { CallServer } from '../service/call-server.ts'
import type { WorkerLoad } from './messages.ts'

const US_PER_MS = 1000

/** Tells once a second how loaded the process is. */
export function tellLoad(
  lag: LoopLag,
  server: Pick<CallServer, 'status'>,
  tell: (load: WorkerLoad) => void,
): void {
  let before = process.cpuUsage()
  let beforeMs = performance.now()
  lag.onSecond((lagMs) => {
    const [now, nowMs] = [process.cpuUsage(), performance.now()]
    const usedMs = (now.user + now.system - before.user - before.system) / US_PER_MS
    tell({ cpuShare: usedMs / (nowMs - beforeMs), lagMs, status: server.status() })
    ;[before, beforeMs] = [now, nowMs]
  })
}
