export type { Figure } from './figures.ts'
export {
  casesOf,
  type ContractOptionsByKind,
  type PluginContract,
  type PluginContracts,
} from './plugin-contract.ts'
export { type CaseResult, type PromiseResult, runConformance, type SuiteResult } from './run-conformance.ts'
