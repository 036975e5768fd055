import { parse, stringify } from 'node:querystring'

/** Every way the same URL may have been written when it was signed, the likeliest first: ten at the most. */
export function* spellings(url: string): Generator<string> {
  const seen = new Set<string>()
  for (const spelling of candidates(url)) {
    if (seen.has(spelling)) continue
    seen.add(spelling)
    yield spelling
  }
}

function* candidates(url: string): Generator<string> {
  yield url
  yield* portSpellings(url)
  if (!URL.canParse(url)) return
  const normal = new URL(url).toString()
  for (const spelling of [normal, ...portSpellings(normal)]) {
    yield spelling
    const query = spelling.indexOf('?')
    if (query !== -1) yield `${spelling.slice(0, query)}?${stringify(parse(spelling.slice(query + 1)))}`
  }
}

/** The URL without its port, or with the one it has by default. `:80` for `wss:` is what Twilio's library tries. */
function portSpellings(url: string): string[] {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/((?:[^/?#]*@)?)(\[[^\]]*\]|[^/?#:]*)((?::[^/?#]*)?)(.*)$/is.exec(
    url,
  )
  if (parts === null) return []
  const [, scheme = '', user = '', host = '', port = '', rest = ''] = parts
  const bare = `${scheme}://${user}${host}`
  if (port !== '') return [bare + rest]
  const ports = { https: [443], wss: [443, 80] }[scheme.toLowerCase()] ?? [80]
  return ports.map((number) => `${bare}:${number}${rest}`)
}
