import { describe, expect, it } from 'vitest'
import { coresOfGroup, machineFindings, type MachineFacts, readMachine } from '../../src/doctor/machine.ts'
import { openFilesOf } from '../../src/process/open-files.ts'

const WELL: MachineFacts = {
  nodeVersion: '22.4.0',
  cores: 2,
  openFiles: 65_536,
  freeBytes: 2 ** 33,
  lateP99Ms: 1,
}

const notOk = (facts: Partial<MachineFacts>, maxCalls = 0) =>
  machineFindings({ ...WELL, ...facts }, maxCalls).filter(({ level }) => level !== 'ok')

describe('the machine', () => {
  it('has nothing wrong with it when there is enough of everything', () => {
    expect(notOk({})).toEqual([])
    expect(notOk({ nodeVersion: '20.11.0', openFiles: undefined, lateP99Ms: undefined })).toEqual([])
  })

  it.each([
    ['an old Node', { nodeVersion: '20.10.0' }, 'error', /20\.10\.0 is too old/],
    ['a part of a core', { cores: 0.5 }, 'warning', /^0\.5 cores/],
    [
      'few open files',
      { openFiles: 1024 },
      'warning',
      /1024 open files are allowed, enough for some 231 calls/,
    ],
    ['little memory', { freeBytes: 2 ** 27 }, 'warning', /128 MB/],
    ['a busy machine', { lateP99Ms: 40.2 }, 'warning', /40\.2 ms late/],
  ] as const)('is told of: %s', (_name, facts, level, message) => {
    expect(notOk(facts)).toEqual([
      { level, message: expect.stringMatching(message), fix: expect.stringMatching(/\S/) },
    ])
  })

  it('has as many open files as the limit of calls needs', () => {
    expect(notOk({ openFiles: 1024 }, 200)).toEqual([])
    expect(notOk({ openFiles: 65_536 }, 20_000)).toMatchObject([
      { message: expect.stringContaining('limits.max_calls is 20000') },
    ])
  })

  it('is read from what the system says', async () => {
    expect(coresOfGroup('max 100000\n')).toBe(Infinity)
    expect(coresOfGroup('150000 100000\n')).toBe(1.5)
    expect(coresOfGroup('')).toBe(Infinity)
    expect(openFilesOf('Max open files            1024                 524288               files\n')).toBe(
      1024,
    )
    expect(openFilesOf('Max open files            unlimited            unlimited            files\n')).toBe(
      1_048_576,
    )
    expect(openFilesOf('')).toBeUndefined()
    const here = await readMachine()
    expect(here.cores).toBeGreaterThan(0)
    expect(here.freeBytes).toBeGreaterThan(0)
  })
})
