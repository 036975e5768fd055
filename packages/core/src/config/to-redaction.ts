import { createRedaction, type Redaction } from '../redaction/redaction.ts'
import type { PipelineConfig } from './schema/pipeline.ts'

const made = new WeakMap<PipelineConfig, { readonly redaction: Redaction | undefined }>()

/** What a pipeline takes out of what its calls tell; `undefined` where that is nothing. One for each pipeline. */
export function toRedaction(config: PipelineConfig): Redaction | undefined {
  const known = made.get(config) ?? { redaction: redactionOf(config) }
  made.set(config, known)
  return known.redaction
}

function redactionOf({ redact, conversation }: PipelineConfig): Redaction | undefined {
  if (redact === 'off') return undefined
  const { cards, phones, emails, national_ids: nationalIds, dtmf, words } = redact
  const secretKeys = dtmf ? conversation.dtmf.private : 'none'
  const isOff = !cards && !phones && !emails && !nationalIds && secretKeys === 'none'
  if (isOff && Object.keys(words).length === 0) return undefined
  return createRedaction({ cards, phones, emails, nationalIds, secretKeys, words })
}
