/**
 * A secret as it may stand in a text of others: as it is, as JSON writes it, as a URL does, in base64 by itself and
 * inside a longer base64 text (a Basic header, a blob), where it begins at one of three places; and, when it is base64
 * itself, what it says.
 */
export function spellingsOf(secret: string): ReadonlySet<string> {
  const spellings = new Set<string>()
  for (const text of [secret, ...decoded(secret)]) {
    spellings.add(text)
    spellings.add(JSON.stringify(text).slice(1, -1))
    // Half a pair has no spelling in a URL.
    spellings.add(encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd')))
    for (const before of ['', 'x', 'xx']) {
      for (const spelling of base64Of(text, before)) spellings.add(spelling)
    }
  }
  return spellings
}

/** The characters that do not depend on what stands before and behind. */
function base64Of(text: string, before: string): readonly string[] {
  const bytes = Buffer.from(before + text)
  const base64 = bytes.toString('base64')
  const first = before === '' ? 0 : 4
  const inside = base64.slice(first, Math.floor(bytes.length / 3) * 4)
  return [inside, inside.replaceAll('+', '-').replaceAll('/', '_')]
}

/** What a base64 text says, when that is a text; and the texts of a map, when that is JSON. */
function decoded(secret: string): readonly string[] {
  const said = /^[\w+/-]{24,}={0,2}$/.test(secret) ? Buffer.from(secret, 'base64').toString('utf8') : secret

  if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(said)) return []
  return [...(said === secret ? [] : [said]), ...privateTexts(said)]
}

/** `private_key` and the like of a key file; its project and its address are no secrets. */
function privateTexts(text: string): readonly string[] {
  if (!text.trimStart().startsWith('{')) return []
  try {
    const map: unknown = JSON.parse(text)
    return typeof map === 'object' && map !== null
      ? Object.entries(map).flatMap(([key, value]) =>
          typeof value === 'string' && isSecretField(key) ? [value] : [],
        )
      : []
  } catch {
    return []
  }
}

function isSecretField(key: string): boolean {
  return /key|secret|token|password/i.test(key) && !/uri|url|type/i.test(key)
}
