import { didYouMean } from '../../kit/did-you-mean.ts'
import { CALL_EVENTS } from '../../telemetry/call-events.ts'
import { compileArguments } from '../../tools/argument-check.ts'
import { headerFindings } from './header-checks.ts'
import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { showValue } from '../findings/show-value.ts'
import { unknownKeywords } from './schema-keywords.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { type Fields, listOf, mapOf } from '../source/value-shapes.ts'

const HOOKS = ['before_call', 'after_call', 'on_event'] as const
/** What the transport alone says, or Kav. */
const NOT_GIVEN: ReadonlySet<unknown> = new Set(['from', 'to', 'now', 'token'])

/** What the schema cannot judge in `hooks`: addresses, headers, names, the JSON Schema. Takes a faulty value too. */
export function checkHooks(config: unknown, source: SourceNode): readonly Finding[] {
  const hooks = mapOf(mapOf(config)?.['hooks']) ?? {}
  const findings = HOOKS.flatMap((name) => {
    const hook = mapOf(hooks[name])
    const path = ['hooks', name]
    if (hook === undefined) return []
    return [
      ...checkUrl(hook['url'], [...path, 'url']),
      ...headerFindings(mapOf(hook['headers']), [...path, 'headers']),
      ...checkValues(hook['values'], [...path, 'values']),
      ...checkFields(mapOf(hook['fields']), [...path, 'fields']),
      ...checkEvents(hook['events'], [...path, 'events'], source),
    ]
  })
  return [...findings, ...checkReader(config)].filter(({ path }) => !isBroken(source, path))
}

/** `http` where the way is not the own machine: whoever listens reads names, numbers and what was said. */
export function hookWarnings(config: unknown): readonly Finding[] {
  const hooks = mapOf(mapOf(config)?.['hooks']) ?? {}
  return HOOKS.flatMap((name) => {
    const url = mapOf(hooks[name])?.['url']
    if (typeof url !== 'string' || !URL.canParse(url)) return []
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'http:' || isNear(hostname)) return []
    const message = 'what is sent here can be read on the way; use https'
    return [{ code: 'KAV_CONFIG_DOUBT', path: ['hooks', name, 'url'], at: 'value', message }]
  })
}

/** This machine, and names that no public resolver knows: those of containers, and of a network of one's own. */
function isNear(hostname: string): boolean {
  if (hostname.startsWith('[')) return /^\[(::1\]|f[cd]|fe[89ab])/.test(hostname)
  return (
    /^((127|10)\.\d+|192\.168|172\.(1[6-9]|2\d|3[01]))\.\d+\.\d+$/.test(hostname) ||
    !hostname.includes('.') ||
    /\.(localhost|local|internal|test)$/.test(hostname)
  )
}

function checkUrl(url: unknown, path: Path): readonly Finding[] {
  if (typeof url !== 'string' || url === '') return []
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    return [finding(path, 'no address of a service; write https://host/path')]
  if (parsed.username !== '' || parsed.password !== '')
    return [finding(path, 'a user and a password do not belong in the address; use headers')]
  return []
}

function checkValues(values: unknown, path: Path): readonly Finding[] {
  return listOf(values).flatMap((name, index) =>
    NOT_GIVEN.has(name)
      ? [finding([...path, index], `{{${String(name)}}} is not the hook’s to give; remove it`)]
      : [],
  )
}

function checkFields(fields: Fields | undefined, path: Path): readonly Finding[] {
  if (fields === undefined) return []
  const misspelt = fields['type'] !== 'object' ? [] : unknownKeywords(fields, path)
  if (misspelt.length > 0) return misspelt
  const compiled = compileArguments(fields)
  if (compiled.ok) return []
  return [finding(path, `this JSON Schema cannot be used: ${compiled.reason}`)]
}

/** Who would fill the fields. */
function checkReader(config: unknown): readonly Finding[] {
  const root = mapOf(config) ?? {}
  const after = mapOf(mapOf(root['hooks'])?.['after_call'])
  if (after?.['fields'] === undefined) return []
  if (mapOf(root['record'])?.['transcript'] === false) {
    const kept = 'found in the transcript, which "record.transcript: false" does not keep; remove one of them'
    return [finding(['hooks', 'after_call', 'fields'], kept)]
  }
  if (root['realtime'] === undefined) return []
  const message =
    'filled by the llm of the pipeline, and one with "realtime" has none; remove it, and read the transcript where it is sent to'
  return [finding(['hooks', 'after_call', 'fields'], message)]
}

function checkEvents(events: unknown, path: Path, source: SourceNode): readonly Finding[] {
  const known = Object.keys(CALL_EVENTS)
  return listOf(events).flatMap((name, index) => {
    if (typeof name !== 'string' || known.includes(name)) return []
    const meant = didYouMean(name, known)
    const hint = meant === undefined ? 'docs/events.md has the names' : `did you mean "${meant}"?`
    const at = [...path, index]
    return [finding(at, `no event is called ${showValue(name, at, source)}; ${hint}`)]
  })
}

function finding(path: Path, message: string): Finding {
  return { code: 'KAV_CONFIG_VALUE', path, at: 'value', message }
}
