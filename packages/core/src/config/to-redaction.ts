import { createRedaction, type Redaction } from '../redaction/redaction.ts'
import type { PipelineConfig } from './schema/pipeline.ts'

/** What a pipeline takes out of what its calls tell; `undefined` where that is nothing. */
export function toRedaction({ redact, conversation }: PipelineConfig): Redaction | undefined {
  if (redact === 'off') return undefined
  const { cards, phones, emails, national_ids: nationalIds, dtmf, words } = redact
  const secretKeys = dtmf ? conversation.dtmf.private : 'none'
  const isOff = !cards && !phones && !emails && !nationalIds && secretKeys === 'none'
  if (isOff && Object.keys(words).length === 0) return undefined
  return createRedaction({ cards, phones, emails, nationalIds, secretKeys, words })
}
