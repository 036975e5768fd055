import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import type { ConnectionParams } from '../connection.ts'
import { OWN_PATHS } from '../own-paths.ts'

const AZURE_HOST =
  /\.(?:openai\.azure\.(?:com|us|cn)|services\.ai\.azure\.com|cognitiveservices\.azure\.com)$/
const AZURE_DEPLOYMENT = /\/openai\/deployments\/[^/]+$/

/** Where a server is asked for its models, and what may be expected of the answer. */
export interface ApiPlace {
  /** With its port; for messages. */
  readonly host: string
  /** Whole URL of the list of models. */
  readonly modelsUrl: string
  /** OpenAI itself: it checks the key of every question, and has no list of voices. */
  readonly isOpenai: boolean
  /** The list is of models, while params name deployments of the operator's own. */
  readonly namesDeployments: boolean
  /** The same server's usual root, where `base_url` names none: `http://127.0.0.1:11434/v1`. */
  readonly usualRoot: string | undefined
}

export function apiPlaceOf({ base_url: written }: ConnectionParams): ApiPlace {
  const base = written.replace(/\/$/, '')
  const { host, hostname, origin, pathname } = new URL(base)
  const root = AZURE_DEPLOYMENT.test(pathname) ? `${origin}/openai` : base
  return {
    host,
    modelsUrl: `${root}/models`,
    isOpenai: hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com'),
    namesDeployments: AZURE_HOST.test(hostname) || AZURE_DEPLOYMENT.test(pathname),
    usualRoot: hasVersion(pathname) || root !== base ? undefined : `${base}/v1`,
  }
}

/** `/v1`, `/v1beta/openai`. */
function hasVersion(pathname: string): boolean {
  return pathname.split('/').some((part) => /^v\d/.test(part))
}

/** A `base_url` that cannot be right, whoever answers there. */
export function baseUrlFault({ base_url: url }: ConnectionParams): LiveFinding | undefined {
  if (!URL.canParse(url)) return finding.error(`base_url is no URL`, 'Write base_url as https://host/v1.')
  const own = OWN_PATHS.exec(new URL(url).pathname.replace(/\/$/, ''))?.[0]
  if (own === undefined) return undefined
  const root = url.slice(0, url.lastIndexOf(own))
  return finding.error(
    `base_url ends in ${own}, which is added to it by the plugin`,
    `Set base_url to "${root}".`,
  )
}
