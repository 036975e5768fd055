import type { LiveFinding } from '../contracts/plugin.ts'
import { finding } from './live-finding.ts'

/** Who was asked, for messages. */
export interface AskedServer {
  /** `api.openai.com`, with its port when it has one. */
  readonly host: string
  /** The param in which the operator wrote where it is, `base_url`; absent for an address that is the provider's own. */
  readonly param?: string | undefined
}

/** A server whose address the operator wrote. */
type WrittenServer = AskedServer & { readonly param: string }

interface Reason {
  readonly code: RegExp
  readonly why: string
  fix(server: WrittenServer): string
}

/** Codes of Node's sockets, of its TLS and of undici; the first that fits counts. */
const REASONS: readonly Reason[] = [
  {
    code: /^(ENOTFOUND|EAI_\w+|ERR_INVALID_URL)$/,
    why: 'there is no such name',
    fix: ({ param }) => `Check the spelling of ${param} and the DNS of this machine.`,
  },
  {
    code: /^ECONNREFUSED$/,
    why: 'nothing listens there',
    fix: ({ host, param }) => `Start the server at ${host}, or correct host and port in ${param}.`,
  },
  {
    // Ports that `fetch` refuses by itself (fetch.spec.whatwg.org, "port blocking"); 5060 and 6000 are among them.
    code: /^bad port$/,
    why: 'HTTP clients refuse that port',
    fix: ({ param }) => `Let the server listen on another port, and write that in ${param}.`,
  },
  {
    // What a server says to a TLS greeting that it does not understand.
    code: /^(?:EPROTO$|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL))/,
    why: 'it speaks no TLS',
    fix: ({ param }) =>
      `Write http:// or ws:// in ${param} if the server is on this machine, else the port of its TLS.`,
  },
  {
    code: /^(?:ERR_TLS_|ERR_SSL_|CERT_|HOSTNAME_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)|_MISMATCH$/,
    why: 'its certificate is not accepted',
    fix: ({ host }) =>
      `Give ${host} a certificate of that name, or name the CA that signed it in NODE_EXTRA_CA_CERTS.`,
  },
  {
    code: /^HPE_\w+$/,
    why: 'what answers there speaks no HTTP',
    fix: ({ param }) => `Check the port in ${param}, and whether it wants https:// or wss://.`,
  },
  {
    code: /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EACCES|EPERM)$/,
    why: 'this machine has no way there',
    fix: ({ host }) => `Open the way to ${host} in firewall and routing.`,
  },
  {
    code: /^(ETIMEDOUT|\w*_TIMEOUT|timeout)$/,
    why: 'no answer came in time',
    fix: ({ host }) => `Open the way to ${host} in firewall and proxy, or look at the load of the server.`,
  },
]

const CUT: Omit<Reason, 'code'> = {
  why: 'the connection was cut',
  fix: ({ host, param }) => `Look into the log of ${host} or of the proxy before it, and check ${param}.`,
}

/** Why a request to `server` got no answer at all, told by the code of what was thrown. */
export function noAnswer(thrown: unknown, server: AskedServer): LiveFinding {
  const code = codeOf(thrown)
  const reason = REASONS.find((known) => code !== undefined && known.code.test(code)) ?? CUT
  const named = code === undefined || /^[a-z]/.test(code) ? '' : ` (${code})`
  const { host, param } = server
  const fix =
    param === undefined
      ? `Check the DNS of this machine, and firewall and proxy between it and ${host}.`
      : reason.fix({ host, param })
  return finding.error(`${host} cannot be reached: ${reason.why}${named}`, fix)
}

/** The innermost code: `fetch` and SDKs wrap what the socket said; a `ProviderError` has its class. */
function codeOf(thrown: unknown): string | undefined {
  let code: string | undefined
  for (let at = thrown, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const facts = at as Error & { code?: unknown; class?: unknown; errors?: unknown }
    const first: unknown = Array.isArray(facts.errors) ? facts.errors[0] : undefined
    if (facts.class === 'timeout' || facts.name === 'TimeoutError') code = 'timeout'
    else if (typeof facts.code === 'string') code = facts.code
    else if (facts.message === 'bad port') code = facts.message
    else if (first instanceof Error) code = codeOf(first) ?? code
  }
  return code
}
