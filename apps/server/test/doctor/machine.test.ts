import { describe, expect, it } from 'vitest'
import { coresOfGroup, machineFindings, type MachineFacts, readMachine } from '../../src/doctor/machine.ts'
import type { CallsOpening } from '../../src/service/files-needed.ts'
import { openFilesOf } from '../../src/process/open-files.ts'

const WELL: MachineFacts = {
  nodeVersion: '22.4.0',
  cores: 2,
  openFiles: 65_536,
  freeBytes: 2 ** 33,
  lateP99Ms: 1,
}

/** With a recording: a call has six files open. */
const desk = (maxCalls: number, stages = {}) =>
  ({
    config: { limits: { max_calls: maxCalls }, record: { audio: true } },
    stages,
  }) as unknown as CallsOpening

const notOk = (facts: Partial<MachineFacts>, pipeline = desk(0), workers = 1) =>
  machineFindings({ ...WELL, ...facts }, pipeline, workers).filter(({ level }) => level !== 'ok')

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
      /1024 open files are allowed, enough for 154 calls of 6 files each/,
    ],
    ['little memory', { freeBytes: 2 ** 27 }, 'warning', /128 MB/],
    ['a busy machine', { lateP99Ms: 40.2 }, 'warning', /40\.2 ms late/],
  ] as const)('is told of: %s', (_name, facts, level, message) => {
    expect(notOk(facts)).toEqual([
      { level, message: expect.stringMatching(message), fix: expect.stringMatching(/\S/) },
    ])
  })

  it('has as many open files as the limit of calls needs', () => {
    expect(notOk({ openFiles: 1024 }, desk(154))).toEqual([])
    expect(notOk({ openFiles: 1024 }, desk(155))).toEqual([
      {
        level: 'error',
        message:
          '1024 open files are allowed, enough for 154 calls of 6 files each; limits.max_calls 155 needs 1030 of them',
        fix: expect.stringContaining('LimitNOFILE=65536'),
      },
    ])
    // A session in place of three providers.
    expect(notOk({ openFiles: 1024 }, desk(200, { realtime: {} }))).toEqual([])
    // Three workers have the calls while the fourth is followed by another.
    expect(notOk({ openFiles: 1024 }, desk(462), 4)).toEqual([])
    expect(notOk({ openFiles: 1024 }, desk(463), 4)).toMatchObject([
      { message: expect.stringContaining('needs 1030 of them in each worker') },
    ])
    expect(notOk({ openFiles: 65_536 }, desk(20_000))[0]!.fix).toContain('LimitNOFILE=131072')
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
