import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/**
 * Packs aside, has each package judged, and only when nothing is wrong puts the tarballs into `folder` (none: nowhere).
 * Gives `problems` in words and `tarballs`, the paths that were written.
 */
export async function packChecked({ folder, pack, judge }) {
  const aside = mkdtempSync(join(tmpdir(), 'kav-packages-'))
  try {
    const packages = pack(aside)
    const problems = []
    for (const one of packages) problems.push(...(await judge(one)))
    if (problems.length > 0 || folder === undefined) return { problems, tarballs: [] }
    mkdirSync(folder, { recursive: true })
    const tarballs = packages.map(({ tarball }) => {
      const there = join(folder, basename(tarball))
      copyFileSync(tarball, there)
      return there
    })
    return { problems, tarballs }
  } finally {
    rmSync(aside, { recursive: true })
  }
}
