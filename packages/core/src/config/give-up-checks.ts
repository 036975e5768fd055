import type { Finding } from './schema-findings.ts'
import { isBroken, type SourceNode } from './source-tree.ts'
import { mapOf } from './value-shapes.ts'

/** Whether `give_up` says where to, and only if it is to go somewhere. Takes a faulty value too. */
export function checkGiveUp(config: unknown, source: SourceNode): readonly Finding[] {
  const giveUp = mapOf(mapOf(mapOf(config)?.['conversation'])?.['give_up'])
  if (giveUp === undefined) return []
  const path = ['conversation', 'give_up']
  const fault = (name: string, message: string): Finding => ({
    code: 'KAV_CONFIG_VALUE',
    path: [...path, name],
    at: 'value',
    message,
  })
  const { then, to } = giveUp
  const found: Finding[] = []
  if (then === 'transfer' && to === undefined)
    found.push(fault('then', 'transfer needs a number: write where to in to, such as "+15551234567"'))
  if (then === 'hang_up' && to !== undefined)
    found.push(
      fault('to', 'nobody is put through with "then: hang_up"; write "then: transfer", or remove to'),
    )
  return found.filter((finding) => !isBroken(source, finding.path))
}
