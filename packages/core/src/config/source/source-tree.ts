import type { EnvOrigin } from './env-text.ts'
import type { Path } from './problem.ts'

/** Where one value of the file stands, and its children by key or index. */
export interface SourceNode {
  /** Offset of the key, or of the value when there is none. */
  readonly keyOffset: number
  /** Offset of the value; the key's when nothing is written after it. */
  readonly valueOffset: number
  readonly env?: EnvOrigin
  /** What is written, where the value is a number or true/false. */
  readonly plain?: string
  /** Offset of a `#` that ends a text without quotes, or stands where a value is expected. */
  readonly cutAt?: number
  readonly children: ReadonlyMap<string | number, SourceNode>
}

/** The node at a path, or its nearest ancestor that is written in the file. */
export function locate(root: SourceNode, path: Path): { readonly node: SourceNode; readonly found: boolean } {
  let node = root
  for (const part of path) {
    const child = node.children.get(part)
    if (child === undefined) return { node, found: false }
    node = child
  }
  return { node, found: true }
}

/** True when the value at the path, or anything above or below it, depends on a variable that is missing. */
export function isBroken(root: SourceNode, path: Path): boolean {
  const { node, found } = locate(root, path)
  return found ? holdsBroken(node) : (node.env?.broken ?? false)
}

function holdsBroken(node: SourceNode): boolean {
  if (node.env?.broken) return true
  for (const child of node.children.values()) if (holdsBroken(child)) return true
  return false
}
