import type { ContractCase } from '../contracts/common/contract-case.ts'
import { denoiseContract, type DenoiseContractOptions } from '../contracts/denoise/denoise-contract.ts'
import { llmContract, type LlmContractOptions } from '../contracts/llm/llm-contract.ts'
import { realtimeContract, type RealtimeContractOptions } from '../contracts/realtime/realtime-contract.ts'
import { callStoreContract, type StoreContractOptions } from '../contracts/store/store-contract.ts'
import { sttContract, type SttContractOptions } from '../contracts/stt/stt-contract.ts'
import { toolContract, type ToolContractOptions } from '../contracts/tool/tool-contract.ts'
import {
  transportContract,
  type TransportContractOptions,
} from '../contracts/transport/transport-contract.ts'
import { ttsContract, type TtsContractOptions } from '../contracts/tts/tts-contract.ts'
import { turnContract, type TurnContractOptions } from '../contracts/detectors/turn-contract.ts'
import { vadContract, type VadContractOptions } from '../contracts/detectors/vad-contract.ts'

/** What the suite of each kind is told. */
export interface ContractOptionsByKind {
  readonly stt: SttContractOptions
  readonly llm: LlmContractOptions
  readonly tts: TtsContractOptions
  readonly vad: VadContractOptions
  readonly turn: TurnContractOptions
  readonly denoise: DenoiseContractOptions
  readonly tool: ToolContractOptions
  readonly transport: TransportContractOptions
  readonly realtime: RealtimeContractOptions
  readonly store: StoreContractOptions
}

/** One suite of a plugin package, as `kav plugin check` runs it. */
export type PluginContract = {
  [Kind in keyof ContractOptionsByKind]: {
    readonly kind: Kind
    readonly options: ContractOptionsByKind[Kind]
    /** Closes the double that the options speak to. */
    close?(): Promise<unknown> | void
  }
}[keyof ContractOptionsByKind]

/**
 * What the contract module of a package exports by default: its suites, or a function that opens their doubles and
 * gives them.
 */
export type PluginContracts =
  | PluginContract
  | readonly PluginContract[]
  | (() => PluginContract | readonly PluginContract[] | Promise<PluginContract | readonly PluginContract[]>)

/** The cases of a suite of any kind. */
export function casesOf(contract: PluginContract): ContractCase[] {
  switch (contract.kind) {
    case 'stt':
      return sttContract(contract.options)
    case 'llm':
      return llmContract(contract.options)
    case 'tts':
      return ttsContract(contract.options)
    case 'vad':
      return vadContract(contract.options)
    case 'turn':
      return turnContract(contract.options)
    case 'denoise':
      return denoiseContract(contract.options)
    case 'tool':
      return toolContract(contract.options)
    case 'transport':
      return transportContract(contract.options)
    case 'realtime':
      return realtimeContract(contract.options)
    case 'store':
      return callStoreContract(contract.options)
  }
}
