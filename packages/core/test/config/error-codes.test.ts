import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ProviderError, type ProviderErrorClass } from '../../src/contracts/index.ts'
import { ERROR_CODES, type ErrorEntry } from '../../src/errors.ts'

const DOC = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
const SRC = new URL('../../src/', import.meta.url)

const table: Readonly<Record<string, ErrorEntry>> = ERROR_CODES

/** The sections of docs/errors.md by code. */
const sections = new Map(
  DOC.split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section] as const),
)

describe('error codes', () => {
  it('each have a section in docs/errors.md, and each section has a code', () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(table).sort())
  })

  it.each(Object.keys(table))('%s is explained in the same words', (code) => {
    const entry = table[code]
    expect(sections.get(code)).toContain(entry?.meaning)
    expect(sections.get(code)).toContain(entry?.action)
    expect(sections.get(code)).toContain(entry?.retryable ? 'Retried: yes' : 'Retried: no')
  })

  it('include every code that the sources name', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    const named = files.flatMap(
      (name) => readFileSync(new URL(name, SRC), 'utf8').match(/'KAV_[A-Z_]+'/g) ?? [],
    )
    const unknown = [...new Set(named)].filter((quoted) => table[quoted.slice(1, -1)] === undefined)
    expect(unknown).toEqual([])
  })

  it('agree with the classes of ProviderError', () => {
    const classes: readonly ProviderErrorClass[] = [
      'auth',
      'bad-request',
      'quota',
      'session-limit',
      'network',
      'timeout',
      'bad-data',
      'cancelled',
    ]
    for (const name of classes) {
      const error = new ProviderError(name, 'x')
      expect(table[error.code]?.retryable, error.code).toBe(error.retryable)
    }
    expect(Object.keys(table).filter((code) => code.startsWith('KAV_PROVIDER_'))).toHaveLength(classes.length)
  })
})
