export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** What stands in it between its children. */
  readonly text: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const NAME = '[A-Za-z_:][-A-Za-z0-9_:.]*'
const TOKEN = new RegExp(
  `<\\?[^]*?\\?>|<!--[^]*?-->|<!\\[CDATA\\[[^]*?\\]\\]>|</(${NAME})\\s*>|<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>|[^<]+`,
  'y',
)
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'g')

function decodeEntities(text: string): string {
  return text.replace(/&([^;\s&]*);?/g, (whole, entity: string) => {
    const code = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(entity)
    const point = code ? parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10) : undefined
    if (point !== undefined && point <= 0x10ffff && whole.endsWith(';')) return String.fromCodePoint(point)
    const named = whole.endsWith(';') && Object.hasOwn(ENTITIES, entity) ? ENTITIES[entity] : undefined
    if (named === undefined) throw new SyntaxError(`unknown or unfinished entity "${whole}"`)
    return named
  })
}

function readAttributes(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const match of text.matchAll(ATTRIBUTE)) {
    const name = match[1] ?? ''
    if (Object.hasOwn(attributes, name)) throw new SyntaxError(`attribute "${name}" appears twice`)
    attributes[name] = decodeEntities(match[2] ?? match[3] ?? '')
  }
  return attributes
}

/**
 * The element tree of a small XML document; comments and declarations are passed over.
 * Throws a `SyntaxError` for anything that is not well formed, and for a DOCTYPE.
 */
export function parseXml(text: string): XmlElement {
  const open: { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string }[] =
    []
  let root: XmlElement | undefined
  TOKEN.lastIndex = 0
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex
    const token = TOKEN.exec(source)
    if (!token)
      throw new SyntaxError(`not XML at character ${at}: ${JSON.stringify(source.slice(at, at + 20))}`)
    const [whole, closed, opened, attributes, selfClosing] = token
    if (opened !== undefined) {
      if (root && open.length === 0) throw new SyntaxError('more than one root element')
      const element = { name: opened, attributes: readAttributes(attributes ?? ''), children: [], text: '' }
      open.at(-1)?.children.push(element)
      root ??= element
      if (!selfClosing) open.push(element)
    } else if (closed !== undefined) {
      const element = open.pop()
      if (element?.name !== closed)
        throw new SyntaxError(`</${closed}> does not close <${element?.name ?? '?'}>`)
    } else if (!whole.startsWith('<')) {
      const inside = open.at(-1)
      if (inside) inside.text += decodeEntities(whole)
      else if (whole.trim() !== '')
        throw new SyntaxError(`text outside the root element: ${JSON.stringify(whole.trim().slice(0, 20))}`)
    }
  }
  const unclosed = open.at(-1)
  if (unclosed) throw new SyntaxError(`<${unclosed.name}> is never closed`)
  if (!root) throw new SyntaxError('no element at all')
  return root
}
