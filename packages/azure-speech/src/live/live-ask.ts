import type { Clock, LiveFinding } from '@kav/core'
import { askLive, finding, isSendable, type LiveAnswer, type LiveQuestion, noAnswer } from '@kav/core/kit'
import { KNOWN_REGIONS, similarRegion } from '../regions.ts'
import type { LivePlace } from './live-place.ts'

/** One question to the Speech service. */
export interface LiveAsk {
  readonly place: LivePlace
  readonly credential: { readonly kind: 'key' | 'token' | 'none'; readonly secret: string }
  readonly clock: Clock
}

export type Asked =
  { readonly answer: LiveAnswer; readonly refused?: undefined } | { readonly refused: LiveFinding }

/** An answer of status 200, or what is to be said of any other, or of none. */
export async function ask(url: string, method: 'GET' | 'POST', asking: LiveAsk): Promise<Asked> {
  const { place, credential, clock } = asking
  if (credential.kind !== 'none' && !isSendable(credential.secret)) {
    const message = `the ${credential.kind} for ${place.name} has characters that none has: white space, or a line break`
    return {
      refused: finding.error(message, `Copy the ${credential.kind} again, without anything around it.`),
    }
  }
  const question: LiveQuestion = { method, clock, headers: proof(credential) }
  try {
    const answer = await askLive(url, question)
    return answer.status === 200 ? { answer } : { refused: refusal(answer, asking) }
  } catch (thrown) {
    return { refused: unanswered(thrown, url, place) }
  }
}

function proof({ kind, secret }: LiveAsk['credential']): Readonly<Record<string, string>> {
  if (kind === 'none') return {}
  return kind === 'key' ? { 'ocp-apim-subscription-key': secret } : { authorization: `Bearer ${secret}` }
}

/** A region that does not exist is a name that does not resolve. */
function unanswered(thrown: unknown, url: string, place: LivePlace): LiveFinding {
  const region = /^region (.*)$/.exec(place.name)?.[1]
  const isKnown = region !== undefined && KNOWN_REGIONS.includes(region)
  const param = isKnown ? undefined : place.param
  const found = noAnswer(thrown, { host: new URL(url).host, param })
  if (region === undefined || isKnown || !/no such name/.test(found.message)) return found
  const meant = similarRegion(region)
  return finding.error(
    `there is no region "${region}" of the Speech service`,
    meant === undefined
      ? 'Set region to that of the Speech resource, as its page "Keys and Endpoint" shows it.'
      : `Set region to "${meant}", the nearest there is.`,
  )
}

function refusal({ status }: LiveAnswer, { place, credential }: LiveAsk): LiveFinding {
  const who = `${place.name} `
  if (status === 401 && credential.kind === 'none') {
    return finding.error(`${who}wants a key, and none is set (HTTP 401)`, 'Set key or token_file.')
  }
  if (status === 401) {
    return credential.kind === 'key'
      ? finding.error(
          `${who}refuses the key (HTTP 401)`,
          'Copy a key of the Speech resource that is in this very region: keys of other regions are refused.',
        )
      : finding.error(
          `${who}refuses the token (HTTP 401)`,
          'Let what writes token_file run again: tokens end after ten minutes and are of one region.',
        )
  }
  if (status === 403) {
    return finding.error(
      `${who}takes no requests with this ${credential.kind} (HTTP 403)`,
      'Look at quota, network rules and local authentication of the Speech resource in the Azure portal.',
    )
  }
  if (status === 429) {
    return finding.warning(
      `${who}has too many requests now (HTTP 429)`,
      'Ask again in a minute, or raise the quota.',
    )
  }
  if (status >= 500) {
    return finding.error(
      `${who}fails (HTTP ${status})`,
      'Look at status.azure.com or the server’s log, and ask again.',
    )
  }
  return finding.warning(
    `${who}cannot be asked by HTTP (status ${status})`,
    `Check ${place.param}, or place a call: the first one tells.`,
  )
}
