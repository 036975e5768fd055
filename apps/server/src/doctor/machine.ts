import { readFileSync } from 'node:fs'
import { availableParallelism, freemem } from 'node:os'
import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import { watchMachine } from '../machine-watch.ts'
import { openFilesAllowed } from '../process/open-files.ts'
import { type CallsOpening, filesFix, filesNeeded } from '../service/files-needed.ts'

/** What of the machine decides how many calls it carries, and how evenly. */
export interface MachineFacts {
  readonly nodeVersion: string
  /** Whole cores and parts of them that the process may use. */
  readonly cores: number
  /** Soft limit of open files; undefined where the system does not say. */
  readonly openFiles: number | undefined
  readonly freeBytes: number
  /** How late a timer came that had nothing else to do. */
  readonly lateP99Ms: number | undefined
}

const OLDEST_NODE = { major: 20, minor: 11 }
const FEW_FILES = 4096
/** What `kav serve` needs before the first call, and as much again. */
const LITTLE_MEMORY_BYTES = 256 * 2 ** 20
/** A frame is due every 20 ms. */
const LATE_MS = 20
const WATCH_MS = 1500

export async function readMachine(): Promise<MachineFacts> {
  const watch = watchMachine()
  await new Promise((resolve) => setTimeout(resolve, WATCH_MS))
  const lateness = await watch.stop()
  return {
    nodeVersion: process.versions.node,
    cores: Math.min(availableParallelism(), coresOfGroup(read('/sys/fs/cgroup/cpu.max'))),
    openFiles: openFilesAllowed(),
    freeBytes: Math.min(
      availableBytes(read('/proc/meminfo')),
      freeBytesOfGroup(read('/sys/fs/cgroup/memory.max'), read('/sys/fs/cgroup/memory.current')),
    ),
    lateP99Ms: lateness?.p99Ms,
  }
}

/** @param workers how many processes would take the calls. */
export function machineFindings(
  machine: MachineFacts,
  pipeline: CallsOpening,
  workers: number,
): readonly LiveFinding[] {
  return [
    nodeFinding(machine.nodeVersion),
    coresFinding(machine.cores),
    ...openFilesFindings(machine.openFiles, pipeline, workers),
    memoryFinding(machine.freeBytes),
    ...latenessFindings(machine.lateP99Ms),
  ]
}

function nodeFinding(version: string): LiveFinding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const { major: oldest, minor: oldestMinor } = OLDEST_NODE
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return finding.ok(`Node.js ${version}`)
  return finding.error(
    `Node.js ${version} is too old`,
    `Install Node.js ${oldest}.${oldestMinor} or a later one.`,
  )
}

function coresFinding(cores: number): LiveFinding {
  const told = `${Number(cores.toFixed(2))} ${cores === 1 ? 'core' : 'cores'}`
  if (cores >= 1) return finding.ok(told)
  return finding.warning(
    `${told}: the rest of each tenth of a second the process stands still, and callers hear it`,
    'Give the container a whole core at least (cpus, resources.limits.cpu).',
  )
}

function openFilesFindings(
  openFiles: number | undefined,
  pipeline: CallsOpening,
  workers: number,
): readonly LiveFinding[] {
  if (openFiles === undefined) return []
  const { needed, perCall, calls } = filesNeeded([pipeline], { allowed: openFiles, workers })
  const each = workers > 1 ? ' in each worker' : ''
  const told = `${openFiles} open files are allowed, enough for ${calls} calls${each} of ${perCall} files each`
  if (needed > openFiles) {
    const { max_calls: maxCalls } = pipeline.config.limits
    return [
      finding.error(`${told}; limits.max_calls ${maxCalls} needs ${needed} of them${each}`, filesFix(needed)),
    ]
  }
  if (needed > 0 || openFiles >= FEW_FILES) return [finding.ok(told)]
  return [finding.warning(told, filesFix(needed))]
}

function memoryFinding(freeBytes: number): LiveFinding {
  const told = `${Math.round(freeBytes / 2 ** 20)} MB of memory are free`
  if (freeBytes >= LITTLE_MEMORY_BYTES) return finding.ok(told)
  return finding.warning(told, 'Give the process half a gigabyte, and a third of a megabyte for each call.')
}

function latenessFindings(lateP99Ms: number | undefined): readonly LiveFinding[] {
  if (lateP99Ms === undefined) return []
  const told = `timers come ${lateP99Ms.toFixed(1)} ms late at the 99th percentile`
  if (lateP99Ms < LATE_MS) return [finding.ok(told)]
  return [
    finding.warning(
      `${told}: the machine is busy, and no call can be more punctual`,
      'Look at what else runs here (top, steal time of the host), or take a machine of its own.',
    ),
  ]
}

/** `max 100000` or `150000 100000`: quota and period of a control group (kernel.org, cgroup-v2, cpu.max). */
export function coresOfGroup(text: string): number {
  const [quota, period] = text.trim().split(/\s+/).map(Number)
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : Infinity
}

function freeBytesOfGroup(max: string, current: string): number {
  const [limit, used] = [Number(max.trim() || 'none'), Number(current.trim() || 'none')]
  return Number.isFinite(limit) && Number.isFinite(used) ? Math.max(0, limit - used) : Infinity
}

/** What can be had without swapping; caches count as free. */
function availableBytes(text: string): number {
  const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1]
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024
}

/** Empty where the system has no such file. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
