import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const KAV = fileURLToPath(new URL('../../bin/kav.js', import.meta.url))
const DESK = fileURLToPath(new URL('../fixtures/whole-desk.yaml', import.meta.url))

it('kav bench --capacity takes real calls of a pipeline that checks signatures, and tells what it saw', async () => {
  const args = [KAV, 'bench', DESK, '--capacity', '--first', '1', '--most', '1', '--seconds', '1', '--json']
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, (_error, stdout) => resolve(stdout)),
  )
  const found = JSON.parse(said) as { steps: { calls: number; failed: number; cpuShare: number }[] }
  // How punctual it was is the machine's affair.
  expect(found.steps[0]).toMatchObject({ calls: 1, failed: 0 })
  expect(found.steps[0]!.cpuShare).toBeGreaterThan(0)
}, 60_000)
