// Everything that `kav serve` needs, and nothing that it was built with, in one folder: what the container image and
// the systemd unit run.   node scripts/install-service.mjs /opt/kav
import { readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { installService } from './packages/install-service.mjs'
import { packPackages } from './packages/pack-packages.mjs'

const [target] = process.argv.slice(2)
if (target === undefined) {
  console.error('usage: node scripts/install-service.mjs FOLDER')
  process.exit(2)
}
const folder = resolve(target)
const tarballs = join(tmpdir(), `kav-tarballs-${process.pid}`)
try {
  installService(folder, packPackages(tarballs))
} finally {
  rmSync(tarballs, { recursive: true, force: true })
}
console.log(
  `${folder}: ${Math.round(bytesOf(folder) / 1e6)} MB; node ${folder}/node_modules/@kav/server/bin/kav.js`,
)

function bytesOf(path) {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
