import { AsyncLocalStorage } from 'node:async_hooks'
import { framesOf } from '../contracts/stack-frames.ts'
import type { LoadedStage } from './loaded-stages.ts'
import { pathOf, placeInFrames } from './source-place.ts'

/** Of which plugin something is that happens, whenever it does: in its promises, timers and handlers, too. */
export interface PluginAtWork {
  /** As the pipeline names it. */
  readonly name: string
  /** While it was imported: the URL of its file. */
  readonly url?: string
  /** While its provider was made: for this stage. */
  readonly stage?: LoadedStage
}

const atWork = new AsyncLocalStorage<PluginAtWork>()
let followers = 0

/**
 * From now on it is known whose work what happens is. Returns the end of it. Following every promise of the process costs
 * each of them a little, so nobody does so while there are calls.
 */
export function followPlugins(): () => void {
  followers++
  let isOver = false
  return () => {
    if (isOver) return
    isOver = true
    if (--followers === 0) atWork.disable()
  }
}

/** The plugin whose work goes on here; `undefined` where it is no plugin's, or nobody follows them. */
export function pluginAtWork(): PluginAtWork | undefined {
  return atWork.getStore()
}

export function asPlugin<T>(plugin: PluginAtWork, run: () => T): T {
  return followers === 0 ? run() : atWork.run(plugin, run)
}

/** Where it was thrown in somebody's source, as `/srv/desk/acme-voice.js:12:9`; else the file of who is at work. */
export function placeOfThrown(thrown: unknown): string | undefined {
  const url = pluginAtWork()?.url
  return placeInFrames(framesOf(thrown)) ?? (url === undefined ? undefined : pathOf(url))
}
