import type { Environment } from '../environment.ts'
import type { ValidateAsk } from './validate-text.ts'

/** What a process that runs code of plugins is asked: one thing, once. */
export type CheckAsk = (
  | { readonly tool: 'validate'; readonly args: ValidateAsk }
  | {
      readonly tool: 'test'
      readonly args: { readonly scripts: readonly string[]; readonly pipeline?: string }
    }
  | { readonly tool: 'params'; readonly args: { readonly plugin: string; readonly kind?: string } }
) & { readonly env: Environment }

/** What came of it, in words for whoever asked. */
export interface CheckAnswer {
  readonly text: string
  readonly failed: boolean
}
