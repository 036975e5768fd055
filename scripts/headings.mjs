// The places in a document that a link may name, as GitHub names them.

/** Headings, and `id`s of HTML; not what stands in blocks of code. */
export function anchorsOf(markdown) {
  const anchors = new Set()
  for (const [, heading] of withoutCode(markdown).matchAll(/^#+ (.*)$/gm)) {
    const name = nameOf(heading)
    let anchor = name
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${name}-${again}`
    anchors.add(anchor)
  }
  for (const [, id] of markdown.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id)
  return anchors
}

export function withoutCode(markdown) {
  return markdown.replace(/^ *```.*\n[^]*?^ *```$/gm, '')
}

function nameOf(heading) {
  const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').trim()
  return shown
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
}
