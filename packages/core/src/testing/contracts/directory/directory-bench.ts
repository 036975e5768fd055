import type {
  CallDirectory,
  FleetCall,
  FleetEvent,
  FleetLimits,
  FleetPlace,
  FleetCallOffer,
} from '../../../contracts/index.ts'
import { expect, fail, until } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { createSuite } from '../common/suite.ts'

/** Nodes of one fleet that know each other, all in this process. */
export interface DirectoryFleet {
  readonly nodes: readonly CallDirectory[]
  /** Lets time pass for all of them: on a fake clock, or a slow machine fails what is right. */
  pass(ms: number): Promise<void>
  /** Ids of the notices that are kept. Absent where they are kept nowhere. */
  notices?(): Promise<readonly string[]>
  /** Closes the nodes and what is behind them. */
  close(): Promise<void>
}

export interface CallDirectoryContractOptions extends ContractOptions<DirectoryFleet> {
  /** How many nodes `create` gives: with two, what they know of each other is checked, too. */
  readonly nodes: 1 | 2
}

export const NO_LIMITS: FleetLimits = { maxCalls: 0, maxCallsOfNumber: 0 }

export function createDirectoryBench(options: CallDirectoryContractOptions) {
  const suite = createSuite('call-directory', options)
  const { stepMs } = suite

  /** Until every node sees it so. */
  const everywhere = (fleet: DirectoryFleet, what: string, holds: (node: CallDirectory) => boolean) =>
    until(
      () => fleet.nodes.every(holds),
      stepMs,
      () => `${what} at every node, not only at ${names(fleet.nodes.filter(holds))},`,
    )

  return {
    suite,
    stepMs,
    everywhere,
    /** Until every node shows the call with these fields. */
    shows: (fleet: DirectoryFleet, wanted: Partial<FleetCall> & { id: string }) =>
      everywhere(fleet, `call ${JSON.stringify(wanted)}`, (node) => isLike(node.find(wanted.id), wanted)),
    isGone: (fleet: DirectoryFleet, id: string) =>
      everywhere(fleet, `call ${id} to be gone`, (node) => node.find(id) === undefined),
  }
}
export type DirectoryBench = ReturnType<typeof createDirectoryBench>

export const offered = (id: string, number?: string): FleetCallOffer => ({
  id,
  pipeline: 'front-desk',
  ...(number !== undefined && { number }),
})

/** The place, or an error. */
export async function placeFor(
  node: CallDirectory,
  call: FleetCallOffer,
  limits = NO_LIMITS,
): Promise<FleetPlace> {
  const decision = await node.claim(call, limits)
  return 'refused' in decision
    ? fail(`expected a place for ${call.id}; it was refused: ${decision.refused} by ${decision.by}`)
    : decision
}

export async function expectRefused(
  node: CallDirectory,
  call: FleetCallOffer,
  limits: FleetLimits,
  by: 'fleet' | 'number',
): Promise<void> {
  const decision = await node.claim(call, limits)
  if (!('refused' in decision)) return fail(`expected ${call.id} to be refused; it has a place`)
  expect(decision.by === by, `${call.id} to be refused by the limit of the ${by}`, `it was by ${decision.by}`)
}

/** What a node tells its watchers, `began CA1`. */
export function watchWords(node: CallDirectory): { words: string[]; stop: () => void } {
  const words: string[] = []
  return { words, stop: node.watch(({ type, call }: FleetEvent) => void words.push(`${type} ${call.id}`)) }
}

export const isLike = (call: FleetCall | undefined, wanted: Partial<FleetCall>): boolean =>
  call !== undefined && Object.entries(wanted).every(([key, value]) => call[key as keyof FleetCall] === value)

const names = (nodes: readonly CallDirectory[]): string => nodes.map(({ node }) => node).join(', ') || 'none'
