import { describe, expect, it } from 'vitest'
import { lockProblems } from '../supply-chain/lock-problems.mjs'
import { unexplainedFaults } from '../supply-chain/known-faults.mjs'

const rules = { licences: ['MIT'], developmentLicences: ['MPL-2.0'], licenceExceptions: { odd: 'why' } }
const whole = { license: 'MIT', integrity: 'sha512-x' }
const of = (entry, name = 'a', allow) =>
  lockProblems(
    {
      packages: {
        '': {},
        'packages/core': { license: 'none of them' },
        [`node_modules/b/node_modules/${name}`]: { ...whole, ...entry },
      },
    },
    rules,
    allow,
  )

describe('what the lock file says of a package', () => {
  it('is fine when its licence is taken, it is sealed, and it runs nothing', () => {
    expect(of({})).toEqual([])
  })

  it('may be another licence in development or by name', () => {
    expect(of({ license: 'MPL-2.0', dev: true })).toEqual([])
    expect(of({ license: 'GPL-3.0' }, 'odd')).toEqual([])
    expect(of({ license: 'MPL-2.0' })).toEqual([expect.stringContaining('is MPL-2.0')])
    expect(of({ license: undefined })).toEqual([expect.stringContaining('of no licence')])
  })

  it('must hold a seal, and no place of its own', () => {
    expect(of({ integrity: undefined })).toEqual([expect.stringContaining('has no integrity')])
    expect(of({ resolved: 'git+ssh://example.com/a.git' })).toEqual([expect.stringContaining('git+ssh')])
  })

  it('must be told about when it runs a script, one by one', () => {
    expect(of({ hasInstallScript: true })).toEqual([expect.stringContaining('runs a script')])
    expect(of({ hasInstallScript: true }, 'a', { a: false })).toEqual([])
    expect(of({}, 'a', { a: true })).toEqual([expect.stringContaining('which has none')])
  })
})

describe('what npm audit knows', () => {
  const advisory = { url: 'https://github.com/advisories/GHSA-1', severity: 'high', title: 'reads too much' }
  const audit = { vulnerabilities: { a: { name: 'a', via: [advisory] }, b: { name: 'b', via: ['a'] } } }

  it('is told once, unless somebody has explained it', () => {
    expect(unexplainedFaults(audit, {}).faults).toEqual(['npm audit: a, high: reads too much (GHSA-1)'])
    expect(unexplainedFaults(audit, { 'GHSA-1': 'not reached' }).faults).toEqual([])
  })

  it('makes an explanation stale when it is gone', () => {
    expect(unexplainedFaults({ vulnerabilities: {} }, { 'GHSA-1': 'not reached' }).faults).toEqual([
      expect.stringContaining('no longer knows'),
    ])
  })

  it('is skipped with a word where the registry does not answer', () => {
    expect(unexplainedFaults({ message: '405' }, {})).toEqual({
      faults: [],
      note: expect.stringContaining('SKIPPED'),
    })
    expect(unexplainedFaults(undefined, {}).note).toContain('SKIPPED')
  })
})
