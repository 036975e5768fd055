/** How things of a fleet are called on the server. `nats stream ls` and `nats kv ls` show them. */
export interface FleetNames {
  /** KV bucket of calls, nodes and paces. */
  readonly callsBucket: string
  /** KV bucket of keys that were used. */
  readonly onceBucket: string
  /** JetStream stream of notices, and the subject of one kind. */
  readonly noticeStream: string
  readonly noticeSubjects: string
  noticeSubject(kind: string): string
  /** Where a node takes commands. */
  commandSubject(owner: string): string
}

export function fleetNames(fleet: string): FleetNames {
  const prefix = `kav.${fleet}`
  return {
    callsBucket: `kav_${fleet}_calls`,
    onceBucket: `kav_${fleet}_once`,
    noticeStream: `kav_${fleet}_notices`,
    noticeSubjects: `${prefix}.notice.>`,
    noticeSubject: (kind) => `${prefix}.notice.${safeToken(kind)}`,
    commandSubject: (owner) => `${prefix}.command.${owner}`,
  }
}

export type KeyKind = 'call' | 'node' | 'pace'

export const entryKey = (kind: KeyKind, name: string): string => `${kind}.${safeToken(name)}`

/** What a key is about; `undefined` for one that is not ours. */
export function parseKey(key: string): { readonly kind: KeyKind; readonly name: string } | undefined {
  const dot = key.indexOf('.')
  const kind = key.slice(0, dot)
  if (kind !== 'call' && kind !== 'node' && kind !== 'pace') return undefined
  return { kind, name: plainName(key.slice(dot + 1)) }
}

const SAFE = /^[\w-]+$/

/** Any text as one token of a subject: what NATS does not take is written `=XX`, byte by byte. */
export function safeToken(text: string): string {
  if (SAFE.test(text)) return text
  return Array.from(Buffer.from(text, 'utf8'), (byte) => {
    const letter = String.fromCharCode(byte)
    return SAFE.test(letter) ? letter : `=${byte.toString(16).padStart(2, '0')}`
  }).join('')
}

function plainName(token: string): string {
  if (!token.includes('=')) return token
  const bytes = token.replace(/=([0-9a-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
