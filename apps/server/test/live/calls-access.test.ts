import { createFakeClock } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import type { CallCommand, CallHost } from '../../src/live/call-command.ts'
import { type CallsAccessParts, createCallsAccess } from '../../src/live/calls-access.ts'

/** Knows one call, and does all that is asked of it. */
const healthy: CallHost = {
  async ask(command: CallCommand) {
    if (command.name === 'has') return { done: true, value: command.ask.id === 'CA1' }
    return { done: true, value: command.name === 'list' ? [{ id: 'CA1' }] : null }
  },
}
/** Takes what it is asked, and never answers. */
const hung: CallHost = { ask: () => new Promise(() => undefined) }
const nothing: CallHost = { ask: async () => ({ done: true, value: false }) }

function createRig(hosts: readonly CallHost[], found?: { readonly state: 'promised' | 'running' }) {
  const time = createFakeClock()
  const directory = {
    node: 'here',
    list: () => [],
    find: (id: string) => found && { id, node: 'here', ...found },
  } as unknown as CallsAccessParts['directory']
  const access = createCallsAccess({ hosts: () => hosts, directory, clock: time.clock })
  /** What comes of it within so long. */
  const within = async (ms: number, asked: Promise<unknown>) => {
    const settled = asked.then(
      (value) => ({ value }),
      (error: unknown) => error,
    )
    await time.advance(ms)
    return await settled
  }
  return { access, within }
}

describe('the calls of a service with a process that stands', () => {
  it('are reached where they run, at once', async () => {
    const { access, within } = createRig([hung, healthy])
    expect(await within(0, access.act('CA1', { type: 'hang-up' }, 'Dana'))).toEqual({ value: undefined })
  })

  it('are listed without those of the one that stands', async () => {
    const { access, within } = createRig([hung, healthy])
    expect(await within(1000, access.list())).toEqual({ value: [{ id: 'CA1' }] })
  })

  it('are told not to answer where they may be its own, and in a time that is bounded', async () => {
    const { access, within } = createRig([hung, healthy])
    expect(await within(1000, access.detail('CA2'))).toMatchObject({ why: 'no-answer' })
    const knows: CallHost = {
      ask: (command) =>
        command.name === 'has' ? Promise.resolve({ done: true, value: true }) : hung.ask(command),
    }
    const late = createRig([knows])
    expect(await late.within(12_000, late.access.detail('CA2'))).toMatchObject({ why: 'no-answer' })
  })

  it('are gone with the process that had them, not promised', async () => {
    const ran = createRig([nothing], { state: 'running' })
    expect(await ran.within(0, ran.access.detail('CA1'))).toMatchObject({ why: 'gone' })
    const promised = createRig([nothing], { state: 'promised' })
    expect(await promised.within(0, promised.access.detail('CA1'))).toMatchObject({ why: 'unknown-call' })
    const unknown = createRig([nothing])
    expect(await unknown.within(0, unknown.access.detail('CA1'))).toMatchObject({ why: 'unknown-call' })
  })
})
