import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { ApiFault } from './api-fault.ts'

const SHOWN_CHARS = 100

export interface OriginRules {
  /** Whether the port is open to this machine alone. */
  readonly loopback: boolean
  /** `KAV_ADMIN_HOSTS`: names by which the port may be asked besides, behind a proxy for instance. */
  readonly names: readonly string[]
}

/**
 * Refuses what a page of somebody else may send through the operator's browser. A page cannot choose `Host` and
 * `Origin`: a foreign origin is never right, and a foreign name at a port of this machine is one that was pointed here
 * (DNS rebinding). Throws `ApiFault`.
 */
export function checkOrigin({ host = '', origin }: IncomingHttpHeaders, rules: OriginRules): void {
  const name = nameOf(host)
  if (name === undefined || !isKnown(name, rules))
    throw new ApiFault(
      'unknown-host',
      `this port is not known by the name in Host, ${shown(host)}`,
      name === undefined
        ? 'ask it as 127.0.0.1 or localhost'
        : `ask it as 127.0.0.1 or localhost; where ${shown(name)} is the name of a proxy before it, list it in KAV_ADMIN_HOSTS`,
    )
  if (origin !== undefined && originHost(origin) !== host.toLowerCase())
    throw new ApiFault(
      'foreign-origin',
      `a page of another origin asks: Origin is ${shown(origin)}, Host is ${shown(host)}`,
      'open the console on this port, or ask from a server; a proxy before it has to pass Host on as it came, port and all (nginx: proxy_set_header Host $http_host;), and KAV_ADMIN_HOSTS lists its name',
    )
}

/** As it was sent, as far as it helps. */
function shown(text: string): string {
  return JSON.stringify(text.slice(0, SHOWN_CHARS))
}

function isKnown(name: string, { loopback, names }: OriginRules): boolean {
  if (name === 'localhost' || isIP(name) !== 0 || names.includes(name)) return true
  return !loopback && names.length === 0
}

function nameOf(host: string): string | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/\s]+))(?::\d+)?$/i.exec(host)
  return (found?.[1] ?? found?.[2])?.toLowerCase()
}

function originHost(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined
  }
}
