import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OWN_PATHS } from '../../../apps/server/dist/own-paths.js'
import { root } from '../../run.mjs'
import { image, settingsOf, text } from './kit-files.mjs'

const hasSystemd = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0

describe('deploy', () => {
  it.skipIf(!hasSystemd)('has a unit that systemd understands', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kav-unit-'))
    try {
      const unit = join(folder, 'kav@front-desk.service')
      copyFileSync(`${root}deploy/systemd/kav@.service`, unit)
      const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit], {
        encoding: 'utf8',
      })
      expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('has an image whose steps name what is there', () => {
    const dockerfile = readFileSync(`${root}deploy/docker/Dockerfile`, 'utf8')
    const scripts = [...dockerfile.matchAll(/node (scripts\/\S+)/g)].map(([, path]) => path)
    expect(scripts).toEqual(['scripts/install-service.mjs'])
    for (const path of scripts) expect(existsSync(root + path)).toBe(true)
    // What is installed there: `scripts/outside.mjs` runs it from the same steps.
    expect(dockerfile).toContain('/opt/kav/node_modules/@kav/server/bin/kav.js')
    expect(existsSync(`${root}apps/server/bin/kav.js`)).toBe(true)
  })

  it('has an image that is not root, writes where it may, and is asked on its own port', () => {
    const { user, folder, volume, exposed, environment, healthCheck } = image()
    // A name would not do where `runAsNonRoot` is asked for.
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(volume).toBe(folder)
    expect(exposed).toBe(settingsOf(environment).port)
    expect(healthCheck).toContain(`process.env.PORT+'${OWN_PATHS.health}'`)
  })

  it('has a unit that waits for the end of draining', () => {
    const unit = text('systemd/kav@.service')
    const waitedSeconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)[1])
    expect(waitedSeconds * 1000).toBeGreaterThan(settingsOf({}).drainMs + 5000)
  })
})
