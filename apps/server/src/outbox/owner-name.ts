import { createHash, randomBytes } from 'node:crypto'
import { ownMark, type ProcessMark, type ProcessState, stateOf } from '../process/process-mark.ts'

/**
 * Whose a folder of items is stands in its name, so that there is no moment at which it has no owner:
 * `<pid>-<started ticks>-<boot and container, hashed>-<random>`, or `free-<random>` when its owner has left it.
 */
const OWNED = /^(\d+)-(\d*)-([0-9a-f]{16}|unseen)-[0-9a-f]{8}$/
const FREE = /^free-[\w-]{1,64}$/

export function ownFolderName(): string {
  const { pid, startedTicks, space } = ownMark()
  return `${pid}-${startedTicks}-${spaceName(space)}-${unique()}`
}

export function freeFolderName(): string {
  return `free-${unique()}`
}

/** `undefined`: no folder of items. One that was left has no process any more: `dead`. */
export function ownerState(name: string): ProcessState | undefined {
  if (FREE.test(name)) return 'dead'
  const [, pid, startedTicks, space] = OWNED.exec(name) ?? []
  if (pid === undefined) return undefined
  const own = ownMark()
  const mark: ProcessMark = {
    pid: Number(pid),
    startedTicks: startedTicks ?? '',
    space: space === spaceName(own.space) ? own.space : 'another',
  }
  return stateOf(mark, own)
}

function spaceName(space: string): string {
  return space === '' ? 'unseen' : createHash('sha256').update(space).digest('hex').slice(0, 16)
}

function unique(): string {
  return randomBytes(4).toString('hex')
}
