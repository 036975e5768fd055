import { connect as connectTcp } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type LiveFinding, messageOf } from '@kav/core'
import type { PipelineConfig } from '@kav/core/host'
import { finding } from '@kav/core/kit'

const ANSWER_LIMIT_MS = 5000

/** Whether each service that a hook names can be reached, TLS included. It is asked nothing and told of no call. */
export async function hookFindings(hooks: PipelineConfig['hooks']): Promise<readonly LiveFinding[]> {
  const named = Object.entries(hooks ?? {}).flatMap(([name, hook]) => {
    const { url } = (hook ?? {}) as { readonly url?: string }
    return url === undefined ? [] : [{ name, url: new URL(url) }]
  })
  return await Promise.all(named.map(({ name, url }) => reach(name, url)))
}

async function reach(name: string, url: URL): Promise<LiveFinding> {
  try {
    await connectTo(url)
    return finding.ok(`${name}: ${url.host} takes connections; nothing was sent`)
  } catch (error) {
    const { code } = error as { code?: unknown }
    const why = typeof code === 'string' ? code : messageOf(error)
    return finding.error(
      `${name}: ${url.host} cannot be reached (${why})`,
      `Correct hooks.${name}.url, start the service, or open the way to it in DNS, firewall and TLS.`,
    )
  }
}

function connectTo({ protocol, hostname, port }: URL): Promise<void> {
  const isSecure = protocol === 'https:'
  // An IPv6 address stands in brackets in a URL, and nowhere else.
  const host = hostname.replace(/^\[|\]$/g, '')
  const at = { host, port: Number(port) || (isSecure ? 443 : 80) }
  return new Promise((resolve, reject) => {
    const socket = isSecure ? connectTls({ ...at, servername: host }) : connectTcp(at)
    socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy(new Error('no answer in 5 s')))
    socket.once('error', reject)
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      socket.destroy()
      resolve()
    })
  })
}
