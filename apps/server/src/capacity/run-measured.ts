import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { openTestLine, type TestLine } from '../test-call/test-line.ts'
import { type Channel, connectPeer } from '../workers/peer.ts'
import { WrongUse } from '../wrong-use.ts'
import { createLoopWindow } from './loop-window.ts'
import { measuredPipeline } from './measured-pipeline.ts'
import type { ToMeasured } from './messages.ts'

/** The process that is measured: a pipeline on a free port, and nothing else. Resolves when nobody measures any more. */
export async function runMeasured(channel: Channel): Promise<void> {
  const loop = createLoopWindow()
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
        loop.begin()
        cpu = process.cpuUsage()
        beganMs = performance.now()
        return null
      },
      async end() {
        const { user, system } = process.cpuUsage(cpu)
        const { errorLines = [] } = line ?? {}
        return {
          cpuShare: (user + system) / 1000 / (performance.now() - beganMs),
          lagMs: loop.lateMs(90),
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
