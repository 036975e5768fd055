import fc from 'fast-check'

/** Any string JavaScript can hold, lone surrogates and control characters included. */
export function anyText(): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff }))
  return fc.array(unit, { maxLength: 40 }).map((units) => String.fromCharCode(...units))
}

/** Text a stream could carry as a media message, right or nearly right, spelled in every way JSON allows. */
export function mediaText(): fc.Arbitrary<string> {
  return fc
    .record({
      top: keys(TOP_KEYS),
      nested: keys(NESTED_KEYS),
      event: fc.oneof(
        { weight: 6, arbitrary: fc.constant('media') },
        fc.constantFrom('mark', 'Media', 'medi', 1),
      ),
      track: fc.constantFrom('inbound', 'inbound', 'inbound_track', 'outbound', 'inbounds', '', null),
      payload: payload(),
      extraTop: extraMember(),
      extraNested: extraMember(),
      blanks: fc.constantFrom('', '', ' ', '\n\t', '\r\n  '),
      escape: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 3),
      repeat: fc.constantFrom('', '', '', '', '', '', '', 'event', 'media', 'payload', 'track'),
    })
    .map(spell)
}

const TOP_KEYS = ['event', 'media', 'sequenceNumber', 'streamSid', 'extra']
const NESTED_KEYS = ['payload', 'track', 'chunk', 'timestamp', 'extra']

/** Mostly all of them, in any order. */
function keys(all: string[]): fc.Arbitrary<string[]> {
  const some = fc.shuffledSubarray(all, { minLength: 1 })
  return fc.oneof({ weight: 6, arbitrary: fc.shuffledSubarray(all, { minLength: all.length }) }, some)
}

function payload(): fc.Arbitrary<unknown> {
  const audio = fc.uint8Array({ maxLength: 200 })
  return fc.oneof(
    { weight: 6, arbitrary: audio.map((bytes) => Buffer.from(bytes).toString('base64')) },
    audio.map((bytes) => Buffer.from(bytes).toString('base64url')),
    audio.map((bytes) => Buffer.from(bytes).toString('base64').replace(/.{20}/g, '$&\n')),
    fc.string({ maxLength: 20 }),
    fc.stringMatching(/^[A-Za-z0-9+/]{0,12}={0,4}[A-Za-z0-9+/=]{0,6}$/),
    fc.constantFrom(null, 1, {}, ['AAAA']),
  )
}

/** A further member whose name or value tries to look like the payload. */
function extraMember(): fc.Arbitrary<readonly [string, unknown]> {
  const harmless = fc.constantFrom(
    ['note', 'x'] as const,
    ['payloads', '12'] as const,
    ['track', 12] as const,
  )
  const sly = fc.tuple(
    fc.constantFrom('note', 'payload', 'media', '"payload":"', 'événement', '__proto__'),
    fc.oneof(
      fc.constantFrom<unknown>('x', '"payload":"AAAA"', 'media', true, null, 0, -1, 1.5, 1e21, 12),
      fc.constantFrom<unknown>({ payload: 'AAAA' }, { media: { payload: 'AAAA' } }, ['payload'], {}),
    ),
  )
  return fc.oneof({ weight: 2, arbitrary: harmless }, { weight: 1, arbitrary: sly })
}

type Parts = {
  top: string[]
  nested: string[]
  event: unknown
  track: unknown
  payload: unknown
  extraTop: readonly [string, unknown]
  extraNested: readonly [string, unknown]
  blanks: string
  escape: number
  repeat: string
}

function spell(parts: Parts): string {
  const nested = parts.nested.flatMap((key): [string, unknown][] => {
    if (key === 'extra') return [[...parts.extraNested]]
    const value =
      key === 'payload' ? parts.payload : key === 'track' ? parts.track : key === 'chunk' ? '1' : 57
    return key === parts.repeat
      ? [
          [key, value],
          [key, value],
        ]
      : [[key, value]]
  })
  const top = parts.top.flatMap((key): [string, string][] => {
    if (key === 'extra') return [[parts.extraTop[0], JSON.stringify(parts.extraTop[1])]]
    const value =
      key === 'media'
        ? object(
            nested.map(([name, inner]) => [name, text(inner, parts.escape)]),
            parts,
          )
        : JSON.stringify(key === 'event' ? parts.event : key === 'streamSid' ? 'MZ1' : '2')
    return key === parts.repeat
      ? [
          [key, value],
          [key, value],
        ]
      : [[key, value]]
  })
  return parts.blanks + object(top, parts) + parts.blanks
}

function object(members: [string, string][], { blanks, escape }: Parts): string {
  const spelled = members.map(
    ([name, value]) => `${text(name, escape === 3 ? 1 : 0)}${blanks}:${blanks}${value}`,
  )
  return `{${blanks}${spelled.join(`${blanks},${blanks}`)}${blanks}}`
}

/** JSON text; `escape` 1 spells the first character as \u00XX, 2 every slash as `\/`. */
function text(value: unknown, escape: number): string {
  const plain = JSON.stringify(value)
  if (typeof value !== 'string' || value === '') return plain
  if (escape === 2) return plain.replaceAll('/', '\\/')
  if (escape !== 1 || plain[1] === '\\') return plain
  return `"\\u${value.charCodeAt(0).toString(16).padStart(4, '0')}${plain.slice(2)}`
}
