import { spawnSync } from 'node:child_process'

/** A mount of its own, that nobody else sees and that is gone with the process. */
const OWN_MOUNTS = ['unshare', '--map-root-user', '--mount'] as const

/** Whether this machine lets a process have a file system of its own. */
export const canMount =
  spawnSync(OWN_MOUNTS[0], [...OWN_MOUNTS.slice(1), 'mount', '-t', 'tmpfs', 'kav', '/mnt'], {
    stdio: 'ignore',
  }).status === 0

/** Of `serveProcess`: `folder` of the one that the process runs in is a real file system of so many kilobytes. */
export function smallFileSystem(folder: string, kilobytes: number): readonly string[] {
  const mount = `mkdir ${folder} && mount -t tmpfs -o size=${kilobytes}k kav ${folder}`
  return [...OWN_MOUNTS, 'sh', '-c', `${mount} && exec "$@"`, 'sh']
}
