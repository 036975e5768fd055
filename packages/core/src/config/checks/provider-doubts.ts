import type { LlmProvider } from '../../contracts/llm.ts'
import type { SttProvider } from '../../contracts/stt.ts'
import { capHints } from '../../pipeline/hearing/cap-hints.ts'
import type { Path } from '../source/problem.ts'
import type { PipelineConfig } from '../schema/pipeline.ts'

/** Something the pipeline asks for that a provider says it does not do; the call goes on without it. */
export interface ProviderDoubt {
  readonly path: Path
  readonly message: string
}

interface Named<Provider> {
  readonly name: string
  readonly provider: Provider
}

/** What only the providers themselves can tell of, once they are made. */
export function providerDoubts(
  { conversation }: PipelineConfig,
  { stt, llm }: { readonly stt: readonly Named<SttProvider>[]; readonly llm: readonly Named<LlmProvider>[] },
): readonly ProviderDoubt[] {
  const hints = [...conversation.hints, ...llm.flatMap(({ provider }) => provider.hints ?? [])]
  return [...turnDoubts(conversation.turns.by, stt), ...stt.flatMap((each) => hintDoubts(hints, each))]
}

function turnDoubts(by: string, stt: readonly Named<SttProvider>[]): readonly ProviderDoubt[] {
  const [first] = stt
  if (by !== 'stt' || !first || first.provider.detectsTurns === true) return []
  const message = `stt: "${first.name}" does not judge turns, so the rules decide while it hears; take a model that does, or remove this`
  return [{ path: ['conversation', 'turns', 'by'], message }]
}

function hintDoubts(
  hints: readonly string[],
  { name, provider }: Named<SttProvider>,
): readonly ProviderDoubt[] {
  const left = hints.length - capHints(hints, provider.hintCaps).length
  if (left === 0) return []
  const message = `"${name}" takes ${hints.length - left} of ${hints.length} hints; ${left} that are too many or too long are left out`
  return [{ path: ['conversation', 'hints'], message }]
}
