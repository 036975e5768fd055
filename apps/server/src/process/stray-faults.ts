import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '@kav/core'
import {
  followPlugins,
  type LoadedStage,
  type PluginAtWork,
  placeOfThrown,
  pluginAtWork,
} from '@kav/core/host'

/** An error that nobody caught: a promise that was rejected, or a throw out of a timer or a handler. */
export interface StrayFault {
  /** Whose it is; absent: nobody knows. */
  readonly plugin: PluginAtWork | undefined
  /** What happened, where, and what to do. */
  readonly message: string
}

/** Errors that nobody caught, while a command runs: they end nothing, and are told with the plugin that they are of. */
export interface StrayFaults {
  /** Resolves once what plugins have begun has had time to fail. */
  settled(): Promise<void>
  /** What failed of a plugin while it was imported; from now on it is told by who asks. */
  ofImport(name: string, baseDir: string): readonly StrayFault[]
  /** What failed of what was made for this stage; from now on it is told by who asks. */
  ofStage(stage: LoadedStage): readonly StrayFault[]
  /** Those that nobody has asked for, each once. */
  rest(): readonly StrayFault[]
  /** From now on somebody else tells of them; here they end nothing all the same. */
  leave(): void
  /** From now on errors are no longer caught here. */
  end(): void
}

const KINDS = ['unhandledRejection', 'uncaughtException'] as const
type Kind = (typeof KINDS)[number]

/** A connection that is refused is so within some milliseconds. */
const SETTLES_MS = 100
/** More are of a loop, and say nothing new. */
const MOST_KEPT = 100
const MAX_CHARS = 1_000

export function catchStrayFaults(): StrayFaults {
  const faults: StrayFault[] = []
  const asked = new Set<StrayFault>()
  const unfollow = followPlugins()
  let isLeft = false
  const listeners = KINDS.map((kind) => {
    const listener = (thrown: unknown): void => {
      if (!isLeft && faults.length < MOST_KEPT)
        faults.push({ plugin: pluginAtWork(), message: sentenceOf(kind, thrown) })
    }
    process.on(kind, listener)
    return [kind, listener] as const
  })

  function take(isWanted: (plugin: PluginAtWork) => boolean): readonly StrayFault[] {
    const taken = faults.filter(({ plugin }) => plugin !== undefined && isWanted(plugin))
    for (const fault of taken) asked.add(fault)
    return taken
  }

  return {
    settled: () => sleep(SETTLES_MS),
    ofImport: (name, baseDir) =>
      take((plugin) => plugin.name === name && isOfFile(plugin.url, name, baseDir)),
    ofStage: (stage) => take((plugin) => plugin.stage === stage),
    rest() {
      const rest = faults.filter((fault) => !asked.has(fault))
      for (const fault of rest) asked.add(fault)
      return rest
    },
    leave() {
      isLeft = true
      unfollow()
    },
    end() {
      for (const [kind, listener] of listeners) process.off(kind, listener)
      unfollow()
    },
  }
}

/** Two pipelines in two folders may mean two files by the same relative name. */
function isOfFile(url: string | undefined, name: string, baseDir: string): boolean {
  if (url === undefined) return false
  return !/^\.{1,2}\//.test(name) || pathToFileURL(resolve(baseDir, name)).href === url
}

function sentenceOf(kind: Kind, thrown: unknown): string {
  const what =
    kind === 'unhandledRejection'
      ? 'a promise was rejected and nobody handled it'
      : 'an error was thrown out of a timer or an event handler'
  const place = placeOfThrown(thrown)
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? `: ${messageOf(thrown.cause)}` : ''
  const [line = ''] = `${messageOf(thrown)}${cause}`.slice(0, MAX_CHARS).split('\n')
  return `${what}: ${line}${place === undefined ? '' : ` (at ${place})`}`
}

/** A line for whoever reads what a command says. */
export function strayLine({ plugin, message }: StrayFault): string {
  return plugin === undefined ? message : `plugin "${plugin.name}": ${message}`
}
