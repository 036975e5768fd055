// The thread that makes spans of what calls tell, and sends them: nothing of it holds up a frame.
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { ToTraceThread, TracesSettings } from './trace-messages.ts'
import { createTraceWriter } from './trace-writer.ts'

const LOW_PRIORITY = 10

// There a thread has a priority of its own; elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(0, LOW_PRIORITY)

const port = parentPort!
const writer = createTraceWriter(workerData as TracesSettings, (report) => port.postMessage(report))
port.on('message', (message: ToTraceThread) => {
  if (message.kind === 'batch') writer.take(message.entries)
  else void writer.close(message.limitMs)
})
