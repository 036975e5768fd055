import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import type { ConnectionParams } from '../connection.ts'
import { providerErrorFrom } from '../provider-error.ts'
import type { ApiPlace } from './base-url.ts'

const CALL_TELLS = 'Run `kav verify` on the pipeline, or place a call: the first request tells.'

/** What an answer with an HTTP status other than 2xx means for who asked `GET /models`. */
export function refusalFinding(
  thrown: Error & { readonly status: number },
  place: ApiPlace,
  params: ConnectionParams,
): LiveFinding {
  const { status } = thrown
  const { host } = place
  // A key with fewer rights may still talk to the model.
  if ((status === 401 || status === 403) && /scope|insufficient permission/i.test(thrown.message)) {
    return finding.warning(
      `${host} lets this key ask for no list of models (HTTP ${status}): models are not checked`,
      'Give the key the right to list models, or place a call: the first request tells.',
    )
  }
  if (/unsupported_country/.test(String((thrown as { code?: unknown }).code))) {
    return finding.error(
      `${host} serves no requests from this country (HTTP ${status})`,
      'Run Kav in a region that the provider serves.',
    )
  }
  if (status === 401 || status === 403) return refusedKey(status, host, params)
  if (status === 429) return tooMuch(thrown, host)
  if (status >= 500) {
    return finding.error(
      `${host} fails (HTTP ${status})`,
      `Look at the status page or the log of ${host}, and ask again.`,
    )
  }
  return notAsked(status, place, params)
}

function refusedKey(status: number, host: string, params: ConnectionParams): LiveFinding {
  const sent = params.api_key === undefined ? 'wants a key, and api_key is not set' : 'refuses the key'
  return finding.error(
    `${host} ${sent} (HTTP ${status})`,
    params.api_key === undefined
      ? `Set api_key to a key of ${host}.`
      : `Set api_key to a key of ${host} that is neither revoked nor of another account; check organization, project and headers where they are set.`,
  )
}

function tooMuch(thrown: Error, host: string): LiveFinding {
  const isSpent = !providerErrorFrom(thrown, '').retryable
  return isSpent
    ? finding.error(
        `${host} takes the key, and its account has no credit left (HTTP 429)`,
        'Add credit or raise the limit of the account in its billing settings.',
      )
    : finding.warning(
        `${host} takes the key, and has no capacity for it now (HTTP 429)`,
        `Ask again in a minute; if it stays, ask ${host} for a higher rate limit.`,
      )
}

/** 404, 405 and their kind: this server has no list, or has it elsewhere. */
function notAsked(status: number, place: ApiPlace, params: ConnectionParams): LiveFinding {
  const { host, isOpenai, namesDeployments } = place
  if (
    namesDeployments &&
    params.query['api-version'] === undefined &&
    !/\/openai\/v1/.test(params.base_url)
  ) {
    return finding.error(
      `${host} answers HTTP ${status}: an Azure resource wants an api-version`,
      'Set query to {api-version: …}, or end base_url in /openai/v1.',
    )
  }
  if (isOpenai) {
    return finding.error(
      `${host} answers HTTP ${status}: there is no API at base_url`,
      'Set base_url to "https://api.openai.com/v1".',
    )
  }
  return finding.warning(
    `${host} has no list of models (HTTP ${status}): key and models cannot be asked`,
    CALL_TELLS,
  )
}

/** The server answered, and not as an API does. */
export function noApiFinding(place: ApiPlace, isPage: boolean): LiveFinding {
  return isPage
    ? finding.error(
        `${place.host} answers with a web page instead of a list of models`,
        place.usualRoot === undefined
          ? 'Set base_url to the root of the API, not of a web site or a portal before it.'
          : `Set base_url to the root of the API, mostly "${place.usualRoot}".`,
      )
    : finding.warning(
        `${place.host} answers with something that is no list of models: key and models cannot be asked`,
        CALL_TELLS,
      )
}

export function missingRootFinding(place: ApiPlace): LiveFinding {
  return finding.error(
    `there is no API at base_url, and there is one below it`,
    `Set base_url to "${place.usualRoot}".`,
  )
}
