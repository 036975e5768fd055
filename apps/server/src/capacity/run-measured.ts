import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { openTestLine, type TestLine } from '../test-call/test-line.ts'
import { type Channel, connectPeer } from '../workers/peer.ts'
import { WrongUse } from '../wrong-use.ts'
import { measuredPipeline } from './measured-pipeline.ts'
import type { ToMeasured } from './messages.ts'

/** A timer's own period; what comes beyond it is lateness. */
const RESOLUTION_MS = 10
const NS_PER_MS = 1e6

/** The process that is measured: a pipeline on a free port, and nothing else. Resolves when nobody measures any more. */
export async function runMeasured(channel: Channel): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  let line: TestLine | undefined
  let cpu = process.cpuUsage()
  let beganMs = performance.now()
  connectPeer<Record<never, never>, Record<never, never>, ToMeasured, Record<never, never>>(channel, {
    answer: {
      async open({ file, providers, dir }) {
        const { pipeline } = await openPipeline(file, process.env, createServerLoader(), { files: true })
        if (pipeline.stages.transport.plugin.double)
          throw new WrongUse(
            `calls are placed as Twilio places them: ${pipeline.stages.transport.package} cannot be measured`,
          )
        line = await openTestLine({
          pipeline: measuredPipeline(pipeline, { providers, dir }),
          onEvent: () => undefined,
        })
        return { dial: line.dial }
      },
      async begin() {
        delay.enable()
        delay.reset()
        cpu = process.cpuUsage()
        beganMs = performance.now()
        return null
      },
      async end() {
        const { user, system } = process.cpuUsage(cpu)
        const { errorLines = [] } = line ?? {}
        return {
          cpuShare: (user + system) / 1000 / (performance.now() - beganMs),
          lagMs: Math.max(0, delay.percentile(90) / NS_PER_MS - RESOLUTION_MS),
          errors: errorLines.length,
          firstError: errorLines[0],
        }
      },
    },
    hear: {},
  })
  await new Promise<void>((resolve) => channel.on('disconnect', resolve))
  await line?.close()
}
