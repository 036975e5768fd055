import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

/** A field that may say "put the caller through", and the one that says where to. */
interface Forwarding {
  readonly path: Path
  readonly field: string
  readonly word: string
  readonly target: string
}

const FORWARDINGS: readonly Forwarding[] = [
  { path: ['conversation', 'give_up'], field: 'then', word: 'transfer', target: 'to' },
  { path: ['limits'], field: 'when_full', word: 'forward', target: 'forward_to' },
]

/** Whether what puts callers through says where to, and only if it does put them through. Takes a faulty value too. */
export function checkForwardings(config: unknown, source: SourceNode): readonly Finding[] {
  return FORWARDINGS.flatMap((forwarding) => checkForwarding(config, forwarding)).filter(
    (finding) => !isBroken(source, finding.path),
  )
}

function checkForwarding(config: unknown, { path, field, word, target }: Forwarding): readonly Finding[] {
  const map = path.reduce<unknown>((value, key) => mapOf(value)?.[key], config)
  const { [field]: chosen, [target]: to } = mapOf(map) ?? {}
  const fault = (name: string, message: string): Finding => ({
    code: 'KAV_CONFIG_VALUE',
    path: [...path, name],
    at: 'value',
    message,
  })
  if (chosen === word && to === undefined)
    return [fault(field, `${word} needs a number: write where to in ${target}, such as "+15551234567"`)]
  if (typeof chosen === 'string' && chosen !== word && to !== undefined)
    return [
      fault(
        target,
        `nobody is put through with "${field}: ${chosen}"; write "${field}: ${word}", or remove ${target}`,
      ),
    ]
  return []
}
