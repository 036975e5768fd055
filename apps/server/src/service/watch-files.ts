import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Logger, messageOf } from '@kav/core'
import { systemClock } from '../system-clock.ts'
import { createSettling } from './settling.ts'

export interface FilesWatch {
  /** From now on these, where the files are others or others of the same name. No change is missed over it. */
  again(paths: readonly string[]): void
  close(): void
}

/**
 * Calls `onChange` when one of the files is written, once they have settled, and at the latest 3 s later. Folders are
 * watched, not files: editors and ConfigMaps put a new file in the place of the old one.
 */
export function watchFiles(
  first: readonly string[],
  { onChange, log }: { readonly onChange: () => void; readonly log: Logger },
): FilesWatch {
  const settling = createSettling(systemClock, onChange)
  const openAll = (paths: readonly string[]): readonly FSWatcher[] =>
    [...new Set(paths.flatMap((path) => [path, dirname(path)]))].flatMap((path) => {
      const watcher = open(path, log)
      watcher?.on('change', (_kind, name) => {
        if (concerns(String(name), paths)) settling.changed()
      })
      watcher?.on('error', (error) =>
        log.warn({ path, error: messageOf(error) }, 'SERVICE: cannot watch the files'),
      )
      return watcher ?? []
    })
  let watchers = openAll(first)
  let closed = false
  return {
    again(paths) {
      if (closed) return
      const before = watchers
      watchers = openAll(paths)
      for (const watcher of before) watcher.close()
    },
    close() {
      closed = true
      settling.close()
      for (const watcher of watchers) watcher.close()
    },
  }
}

/** What is read anew. */
export interface WatchedParts {
  /** Pipelines, and folders of them. */
  readonly paths: readonly string[]
  /** Files that the pipelines name. */
  readonly named?: readonly string[]
  /** Files of plugins; given, where their packages are listed is watched, too. */
  readonly sources?: readonly string[] | undefined
}

export function watchedFiles({ paths, named = [], sources }: WatchedParts): readonly string[] {
  const folders = [...new Set(paths.map((path) => dirname(path)))]
  const lists = sources === undefined ? [] : folders.map((folder) => join(folder, 'package.json'))
  return [...new Set([...paths, '.env', ...named, ...lists, ...(sources ?? [])])]
}

/** A ConfigMap is a link to a folder, `..data`, that is put in place as one. */
function concerns(name: string, paths: readonly string[]): boolean {
  return /\.ya?ml$/i.test(name) || name === '..data' || paths.some((path) => basename(path) === name)
}

function open(path: string, log: Logger): FSWatcher | undefined {
  try {
    return watch(path)
  } catch (error) {
    // Its folder is watched: one that is not there yet is seen when it comes.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    log.warn({ path, error: messageOf(error) }, 'SERVICE: cannot watch the files')
    return undefined
  }
}
