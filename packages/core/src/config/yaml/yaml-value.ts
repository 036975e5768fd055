import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml'
import type { ErrorCode } from '../../errors.ts'
import { commentBehind, commentInPlace } from './comment-places.ts'
import { substituteEnv, type Environment } from '../source/env-text.ts'
import { MAX_DEPTH } from './parse-yaml.ts'
import { shorten, type Path } from '../source/problem.ts'
import { quoteText } from '../source/quote-text.ts'
import type { SourceNode } from '../source/source-tree.ts'
import { LOST_ANCHOR, markBefore, tagMessage } from './yaml-tags.ts'

const MAX_ALIASES = 100
const MAX_VALUES = 100_000
const CORE_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
)

/** Something wrong with one value, at its place. */
export interface ValueFault {
  readonly code: ErrorCode
  readonly offset: number
  readonly path: Path
  readonly message: string
  readonly severity?: 'warning'
}

export interface YamlValue {
  readonly value: unknown
  readonly source: SourceNode
  readonly faults: readonly ValueFault[]
}

interface Read {
  value: unknown
  source: SourceNode
}

/**
 * A YAML document as plain values with the environment put in, and the place of each. Aliases are followed
 * within bounds; duplicate keys, unknown tags and unusable keys are faults. Never throws. `text` is the file's own,
 * `lineOf` is for messages.
 */
export function readYamlValue(
  contents: ParsedNode | null,
  env: Environment,
  { text, lineOf }: { text: string; lineOf: (offset: number) => number },
): YamlValue {
  const reader = new Reader(env, text, lineOf)
  return { ...reader.readRoot(contents), faults: [...reader.faults, ...reader.lostAnchors()] }
}

/** Walks one document. */
class Reader {
  readonly faults: ValueFault[] = []
  readonly #env: Environment
  readonly #text: string
  readonly #lineOf: (offset: number) => number
  readonly #anchors = new Map<string, ParsedNode>()
  readonly #anchoredTexts = new Map<string, { readonly offset: number; readonly path: Path }>()
  readonly #following = new Set<ParsedNode>()
  #aliases = 0
  #aliasDepth = 0
  #values = 0

  constructor(env: Environment, text: string, lineOf: (offset: number) => number) {
    this.#env = env
    this.#text = text
    this.#lineOf = lineOf
  }

  readRoot(contents: ParsedNode | null): Read {
    return this.#read(contents, contents === null ? 0 : contents.range[0], [])
  }

  /** Of texts whose anchor is used nowhere. */
  lostAnchors(): readonly ValueFault[] {
    return [...this.#anchoredTexts.values()].map((place) => {
      return { ...place, code: 'KAV_CONFIG_DOUBT', message: LOST_ANCHOR, severity: 'warning' }
    })
  }

  #fault(code: ErrorCode, offset: number, path: Path, message: string): void {
    this.faults.push({ code, offset, path, message })
  }

  #read(node: ParsedNode | null, keyOffset: number, path: Path): Read {
    const valueOffset = node === null || isEmpty(node) ? keyOffset : node.range[0]
    const leaf = { keyOffset, valueOffset, children: new Map(), ...this.#cutBehind(node, keyOffset) }
    if (node === null) return { value: null, source: leaf }
    if (++this.#values > MAX_VALUES || path.length > MAX_DEPTH) {
      if (this.#values === MAX_VALUES + 1 || path.length > MAX_DEPTH) {
        this.#fault(
          'KAV_CONFIG_ALIAS',
          valueOffset,
          path,
          'aliases make the file too large; write the values out',
        )
        this.#values = MAX_VALUES + 1
      }
      return { value: null, source: broken(leaf) }
    }
    if (isAlias(node)) return this.#followAlias(node.source, leaf, path)
    // What an alias leads to was met where it is written; read again, it would hide a later anchor of the same name.
    if (node.anchor !== undefined && this.#aliasDepth === 0) {
      this.#anchors.set(node.anchor, node)
      if (isScalar(node) && node.type === 'PLAIN') {
        const offset = markBefore('&', this.#text, node.range[0])
        this.#anchoredTexts.set(node.anchor, { offset, path })
      }
    }
    if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) {
      const content = isScalar(node) ? node.value : undefined
      const offset = markBefore('!', this.#text, node.range[0])
      this.#fault('KAV_CONFIG_TAG', offset, path, tagMessage(node.tag, content))
      return { value: null, source: broken(leaf) }
    }
    if (isMap(node) && this.#text.startsWith('{{', node.range[0])) {
      const message = 'a text that begins with "{{" needs quotes, as in "{{name}}"'
      this.#fault('KAV_CONFIG_TYPE', valueOffset, path, message)
      return { value: null, source: broken(leaf) }
    }
    if (isScalar(node)) return this.#readScalar(node.value, { ...leaf, ...plainText(node) }, path)
    this.#following.add(node)
    const result = isMap(node) ? this.#readMap(node, leaf, path) : this.#readSeq(node, leaf, path)
    this.#following.delete(node)
    return result
  }

  /** Whether a `#` ended what is written here. */
  #cutBehind(node: ParsedNode | null, keyOffset: number): { cutAt: number } | undefined {
    if (node !== null && !(isScalar(node) && node.type === 'PLAIN')) return undefined
    const cutAt =
      node === null || isEmpty(node)
        ? commentInPlace(this.#text, keyOffset)
        : commentBehind(this.#text, node.range[1])
    return cutAt === undefined ? undefined : { cutAt }
  }

  #readScalar(value: unknown, leaf: SourceNode, path: Path): Read {
    if (typeof value !== 'string') return { value, source: leaf }
    const { text, origin, faults: found } = substituteEnv(value, this.#env)
    for (const { code, message } of found) this.#fault(code, leaf.valueOffset, path, message)
    return { value: text, source: origin === undefined ? leaf : { ...leaf, env: origin } }
  }

  #readMap(node: ParsedNode, leaf: SourceNode, path: Path): Read {
    const value: Record<string, unknown> = {}
    const children = new Map<string | number, SourceNode>()
    if (!isMap<ParsedNode, ParsedNode | null>(node)) return { value, source: leaf }
    const firstOffset = new Map<string, number>()
    for (const { key, value: item } of node.items) {
      const keyOffset = key.range[0]
      const name = keyText(key)
      const wrong = whyNotAKey(name)
      if (wrong !== undefined || name === undefined) {
        this.#fault('KAV_CONFIG_KEY', keyOffset, path, wrong ?? 'a key must be plain text')
        continue
      }
      const first = firstOffset.get(name)
      if (first !== undefined) {
        this.#fault(
          'KAV_CONFIG_DUPLICATE_KEY',
          keyOffset,
          path,
          `duplicate key ${quoteKey(name)}; keep this one or that of line ${this.#lineOf(first)}`,
        )
        continue
      }
      firstOffset.set(name, keyOffset)
      const child = this.#read(item, keyOffset, [...path, name])
      value[name] = child.value
      children.set(name, child.source)
    }
    return { value, source: { ...leaf, children } }
  }

  #readSeq(node: ParsedNode, leaf: SourceNode, path: Path): Read {
    const value: unknown[] = []
    const children = new Map<string | number, SourceNode>()
    if (!isSeq<ParsedNode | null>(node)) return { value, source: leaf }
    for (const [index, item] of node.items.entries()) {
      const itemOffset = item === null ? leaf.valueOffset : item.range[0]
      const child = this.#read(item, itemOffset, [...path, index])
      value.push(child.value)
      children.set(index, child.source)
    }
    return { value, source: { ...leaf, children } }
  }

  #followAlias(name: string, leaf: SourceNode, path: Path): Read {
    const target = this.#anchors.get(name)
    this.#anchoredTexts.delete(name)
    const shown = JSON.stringify(`*${shorten(name, 40)}`)
    if (target === undefined) {
      this.#fault(
        'KAV_CONFIG_ALIAS',
        leaf.valueOffset,
        path,
        `alias ${shown} has no anchor before it; quote it if it is text`,
      )
    } else if (this.#following.has(target)) {
      this.#fault(
        'KAV_CONFIG_ALIAS',
        leaf.valueOffset,
        path,
        `alias ${shown} contains itself; write the value out`,
      )
    } else if (++this.#aliases > MAX_ALIASES) {
      if (this.#aliases === MAX_ALIASES + 1) {
        this.#fault(
          'KAV_CONFIG_ALIAS',
          leaf.valueOffset,
          path,
          `more than ${MAX_ALIASES} aliases are followed; write the values out`,
        )
      }
    } else {
      this.#aliasDepth++
      const followed = this.#read(target, leaf.keyOffset, path)
      this.#aliasDepth--
      return { value: followed.value, source: { ...followed.source, keyOffset: leaf.keyOffset } }
    }
    return { value: null, source: broken(leaf) }
  }
}

/** A value that could not be read is like one whose variable is missing: it is not judged further. */
function broken(leaf: SourceNode): SourceNode {
  return { ...leaf, env: { names: [], whole: false, broken: true, written: '', presets: [] } }
}

/** A number or true/false as it is written, which its value no longer says: `+4930`, `0123`. */
function plainText({ value, source }: { value: unknown; source?: string }): { plain: string } | undefined {
  return typeof value === 'string' || value === null || source === undefined ? undefined : { plain: source }
}

function isEmpty(node: ParsedNode): boolean {
  return isScalar(node) && node.value === null && node.range[0] === node.range[1]
}

function keyText(key: ParsedNode): string | undefined {
  if (!isScalar(key)) return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? '')
}

function whyNotAKey(name: string | undefined): string | undefined {
  if (name === undefined) return 'a key must be plain text, not a map, a list or an alias'
  if (name === '') return 'a key is empty; write a name before ":"'
  if (name === '__proto__') return 'the key "__proto__" is not allowed'
  return undefined
}

export function quoteKey(name: string): string {
  return quoteText(name)
}
