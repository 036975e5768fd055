import { mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type LiveFinding, messageOf } from '@kav/core'
import { finding } from '@kav/core/kit'

/** A stereo recording takes 115 MB an hour as pcm16. */
const LITTLE_SPACE_BYTES = 2 ** 30

/** Whether what a call leaves behind can be written to `dir`, a folder that may not be there yet. Leaves nothing. */
export async function recordDirFindings(dir: string): Promise<readonly LiveFinding[]> {
  const found = await nearestFolder(resolve(dir))
  const place = resolve(dir) === found.path ? found.path : `${resolve(dir)} (will be made)`
  if (!found.isFolder) {
    return [
      finding.error(
        `record.dir: ${found.path} is no folder: calls leave no record`,
        'Move that file away, or name another folder in record.dir.',
      ),
    ]
  }
  try {
    const probe = await mkdtemp(join(found.path, '.kav-doctor-'))
    try {
      await writeFile(join(probe, 'probe'), 'kav')
    } finally {
      await rm(probe, { recursive: true, force: true })
    }
  } catch (error) {
    return [
      finding.error(
        `record.dir: nothing can be written to ${found.path} (${codeOf(error)}): calls leave no record`,
        `Let the user that runs kav write there (chown, a volume that is writable), or name another folder in record.dir.`,
      ),
    ]
  }
  const { bavail, bsize } = await statfs(found.path)
  const free = bavail * bsize
  const told = `record.dir: ${place} can be written to, ${(free / 1e9).toFixed(1)} GB are free`
  if (free >= LITTLE_SPACE_BYTES) return [finding.ok(told)]
  return [finding.warning(told, 'Make room there, or let old recordings be moved away every day.')]
}

/** The folder itself or the first above it that is there: what is missing is made with the first call. */
async function nearestFolder(path: string): Promise<{ path: string; isFolder: boolean }> {
  try {
    return { path, isFolder: (await stat(path)).isDirectory() }
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' && dirname(path) !== path) return nearestFolder(dirname(path))
    return code === 'ENOTDIR' && dirname(path) !== path
      ? nearestFolder(dirname(path))
      : { path, isFolder: true }
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : messageOf(error)
}
