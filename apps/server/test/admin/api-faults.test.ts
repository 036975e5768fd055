import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { API_FAULTS } from '../../src/admin/api/api-fault.ts'

it('every code of the admin API stands in its manual with its status, and no other', () => {
  const manual = readFileSync(
    fileURLToPath(new URL('../../../../docs/control-api.md', import.meta.url)),
    'utf8',
  )
  const stated = [...manual.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
    code!,
    Number(status),
  ])
  expect(Object.fromEntries(stated)).toEqual(API_FAULTS)
})
