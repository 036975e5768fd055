import { readFileSync } from 'node:fs'

/** Sockets of the process itself, its log and its files, before the first call. */
export const FILES_AT_REST = 100
/** The carrier's socket, recognition, the recording and its journal: what a call has open from its first moment on. */
const FILES_PER_CALL = 4

/** The soft limit of `/proc/self/limits`; `unlimited` is as many as anybody needs. */
export function openFilesOf(text: string): number | undefined {
  const soft = /^Max open files\s+(\S+)/m.exec(text)?.[1]
  if (soft === undefined) return undefined
  return soft === 'unlimited' ? 1_048_576 : Number(soft)
}

/** How many files the process may have open; undefined where the system does not say. */
export function openFilesAllowed(): number | undefined {
  try {
    return openFilesOf(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return undefined
  }
}

/** How many calls so many open files are enough for. */
export function callsWithin(openFiles: number, filesPerCall = FILES_PER_CALL): number {
  return Math.max(0, Math.floor((openFiles - FILES_AT_REST) / filesPerCall))
}
