import { type Logger, messageOf, type PluginContext } from '@kav/core'
import { formatProblems, tryProviders } from '@kav/core/host'
import { PipelineProblems } from '../open-pipeline.ts'
import type { ReadFiles } from '../service/call-server.ts'
import { createProblem } from '../service/create-problem.ts'
import { watchedFiles, watchFiles } from '../service/watch-files.ts'

export interface UntilRightParts {
  readonly paths: readonly string[]
  readonly log: Logger
  /** Files of plugins, by the last reading. */
  readonly sources: () => readonly string[]
  /** The request to stop. */
  readonly asked: Promise<string>
  /** What providers are made with, to see whether they can be. */
  readonly context: PluginContext
  readonly read: () => Promise<ReadFiles>
  /** With the environment as it is by then. */
  readonly reread: () => Promise<ReadFiles>
  readonly onRefused: (problems: readonly string[]) => void
}

/** The files once they are right, read again after each change; `undefined` when the command is told to stop before. */
export async function untilRight(parts: UntilRightParts): Promise<ReadFiles | undefined> {
  const { asked, read, reread, onRefused } = parts
  let named: readonly string[] = []
  for (let isFirst = true; ; isFirst = false) {
    // Watched from before the reading: what is written meanwhile counts.
    const change = nextChange(parts, named)
    try {
      const files = await (isFirst ? read() : reread())
      await refuseUnmakable(files, parts.context)
      change.forget()
      return files
    } catch (thrown) {
      // What was just read for the first time is watched, too, before anybody can mend it.
      if (thrown instanceof PipelineProblems) named = thrown.files
      const more = nextChange(parts, named)
      onRefused(messageOf(thrown).split('\n'))
      const next = await Promise.race([change.came, more.came, asked])
      change.forget()
      more.forget()
      if (next !== CHANGE) return undefined
    }
  }
}

const CHANGE = Symbol('a file has changed')

function nextChange({ paths, sources, log }: UntilRightParts, named: readonly string[]) {
  let onChange: (what: typeof CHANGE) => void = () => undefined
  const came = new Promise<typeof CHANGE>((resolve) => (onChange = resolve))
  const watched = watchedFiles({ paths, named, sources: sources() })
  const watch = watchFiles(watched, { onChange: () => onChange(CHANGE), log })
  return { came, forget: () => watch.close() }
}

/** A provider that cannot be made would end the service as soon as it is opened. */
async function refuseUnmakable({ checked }: ReadFiles, context: PluginContext): Promise<void> {
  const problems = await Promise.all(
    checked.loaded.map(async (pipeline) => {
      const { refused } = await tryProviders(pipeline.stages, { ...context, baseDir: pipeline.baseDir })
      return refused.map((error) => createProblem(pipeline, error))
    }),
  )
  if (problems.flat().length > 0) throw new PipelineProblems(formatProblems(problems.flat()))
}
