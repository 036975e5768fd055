import { setTimeout as sleep } from 'node:timers/promises'
import type { CallDirectory, FleetEvent } from '@kav/core'
import { createFakeClock, type FakeClock, testContext, type TestContext } from '@kav/core/testing'
import { expect } from 'vitest'
import { openNatsDirectory, type NatsDirectoryOptions } from '../src/index.ts'

export const NO_LIMITS = { maxCalls: 0, maxCallsOfNumber: 0 }
const BEAT_MS = 1000

/** One node with a clock of its own, which stands still unless it is moved. */
export interface TestNode {
  readonly directory: CallDirectory
  readonly fake: FakeClock
  readonly context: TestContext
  /** What its watchers were told, `began CA1`. */
  readonly events: string[]
  /** Beats of its own that came round. */
  beats(): number
  close(): Promise<void>
}

export function openNode(
  options: Pick<NatsDirectoryOptions, 'servers' | 'node' | 'fleet' | 'tls'>,
): TestNode {
  const fake = createFakeClock()
  const context = testContext({ clock: fake.clock })
  const directory = openNatsDirectory({ ...context, ...options })
  const events: string[] = []
  directory.watch(({ type, call }: FleetEvent) => void events.push(`${type} ${call.id}`))
  return {
    directory,
    fake,
    context,
    events,
    beats: () => context.metrics.all().find(({ name }) => name === 'directory_beat_ms')?.values.length ?? 0,
    async close() {
      let closed = false
      const closing = directory.close().then(() => (closed = true))
      // What waits for a server that is gone waits on this clock.
      while (!closed) {
        await fake.advance(100)
        await sleep(2)
      }
      await closing
    },
  }
}

/** Nodes that know each other. */
export async function openNodes(
  servers: string | readonly string[],
  fleet: string,
  names: readonly string[],
): Promise<TestNode[]> {
  const nodes = names.map((node, index) =>
    openNode({ servers: typeof servers === 'string' ? servers : servers[index]!, node, fleet }),
  )
  await inTouch(nodes)
  return nodes
}

/** Until they hear each other, without any time passing on their clocks. */
export async function inTouch(nodes: readonly TestNode[]): Promise<void> {
  await still(() =>
    nodes.every(({ directory }) => {
      const { connected, nodes: heard } = directory.state()
      return connected && heard === nodes.length
    }),
  )
}

/** Until it is so, without any time passing on the nodes' clocks. */
export async function still(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 120_000, interval: 5 }).toBe(true)
}

/** Until it is so, with time passing. */
export async function inTime(nodes: readonly TestNode[], holds: () => boolean): Promise<void> {
  for (let step = 0; step < 3000 && !holds(); step++) {
    for (const { fake } of nodes) await fake.advance(20)
    await sleep(5)
  }
  expect(holds(), 'in time').toBe(true)
}

/** So many beats of each, one after the other, each heard by all that hear. */
export async function beat(nodes: readonly TestNode[], times = 1): Promise<void> {
  for (let time = 0; time < times; time++) {
    const before = nodes.map((node) => node.beats())
    for (const { fake } of nodes) await fake.advance(BEAT_MS)
    await still(() => nodes.every((node, index) => node.beats() > before[index]!))
  }
}

/** Ids of the calls that a node lists. */
export const listed = ({ directory }: TestNode): string =>
  directory
    .list()
    .map(({ id }) => id)
    .sort()
    .join(' ')

export const offered = (id: string, number?: string) => ({
  id,
  pipeline: 'front-desk',
  ...(number !== undefined && { number }),
})

export const counted = ({ context }: TestNode, name: string, labels?: Record<string, string>): number =>
  context.metrics.value(name, labels)
