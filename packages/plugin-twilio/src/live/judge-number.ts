import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import type { PhoneNumber } from './phone-number.ts'
import { compareWebhook } from './webhook-url.ts'

/** What a number is to this server; nothing is found about one that has nothing to do with it. */
export interface JudgedNumber {
  /** A call to it arrives here. */
  readonly arrives: boolean
  /** Its calls arrive here, or would if what is told were corrected. */
  readonly isMeant: boolean
  readonly findings: readonly LiveFinding[]
  /** Worth telling only where no number arrives: it may be another service's. */
  readonly doubts: readonly LiveFinding[]
}

/** Where the webhook of a number's calls stands: at the number, or at its TwiML App. */
export type Webhook = Pick<PhoneNumber, 'voiceUrl' | 'voiceMethod'>

/**
 * Whether calls to a number arrive at `ours`, the voice webhook. A trunk wins over a TwiML App, an app over the
 * number's own webhook (twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
 *
 * @param app what the number's TwiML App does; `undefined` when it has none, or none that can be asked.
 */
export function judgeNumber(number: PhoneNumber, ours: string, app: Webhook | undefined): JudgedNumber {
  const { findings, doubts = [], arrives = false } = judgeWebhook(number, ours, app)
  const isMeant = findings.length + doubts.length > 0
  return { arrives, isMeant, findings: [...statusFindings(number, ours), ...findings], doubts }
}

function judgeWebhook(
  number: PhoneNumber,
  ours: string,
  app: Webhook | undefined,
): Partial<JudgedNumber> & Pick<JudgedNumber, 'findings'> {
  const isOwnOurs = compareWebhook(number.voiceUrl, ours).is === 'ours'
  if (number.trunkSid !== '') {
    const message = `${number.number} has our webhook, and its calls go to the SIP trunk ${number.trunkSid}`
    const fix = `Take ${number.number} out of the trunk in the Twilio console.`
    return { findings: isOwnOurs ? [finding.error(message, fix)] : [] }
  }
  const hasApp = number.applicationSid !== ''
  const webhook = hasApp ? app : number
  const compared = compareWebhook(webhook?.voiceUrl ?? '', ours)
  if (hasApp && isOwnOurs && compared.is !== 'ours') return { findings: [hiddenByApp(number, ours)] }
  if (webhook === undefined || compared.is === 'elsewhere') return { findings: [] }
  const place = hasApp ? `${number.number} (TwiML App ${number.applicationSid})` : number.number
  if (compared.is === 'near') {
    const message = `${place} points to ${shown(webhook.voiceUrl)} instead of ${ours}: ${compared.why}`
    const wrong = finding.error(message, enter(number.number, ours))
    return compared.isSlip ? { findings: [wrong] } : { findings: [], doubts: [wrong] }
  }
  const found = arriving(place, number, webhook.voiceMethod, ours)
  return { arrives: found.level === 'ok', findings: [found] }
}

function hiddenByApp({ number, applicationSid }: PhoneNumber, ours: string): LiveFinding {
  return finding.error(
    `${number} has our webhook, and its calls go to the TwiML App ${applicationSid} instead`,
    `Choose "Webhook" instead of "TwiML App" for ${number}, or give the app the voice URL ${ours}.`,
  )
}

/** What may still be wrong with a number whose webhook is right. */
function arriving(place: string, number: PhoneNumber, method: string, ours: string): LiveFinding {
  if (method.toUpperCase() !== 'POST') {
    const message = `${place} asks our webhook by ${method.slice(0, 10)}, which it refuses (405)`
    return finding.error(message, `Set the method of the voice webhook of ${place} to HTTP POST.`)
  }
  if (!number.takesVoice) {
    const message = `${place} points to us, and takes messages only, no calls`
    return finding.error(message, 'Buy a number with the voice capability, and give it this webhook.')
  }
  return finding.ok(`${place} points to ${ours}`)
}

/** A call's status is not a call: the voice webhook would take it for another one. */
function statusFindings(number: PhoneNumber, ours: string): readonly LiveFinding[] {
  if (number.statusCallback === '' || compareWebhook(number.statusCallback, ours).is !== 'ours') return []
  return [
    finding.error(
      `${number.number} has the voice webhook as its status callback too: each end of a call looks like a new one`,
      `Leave "Call status changes" of ${number.number} empty; Kav names its status callback by itself.`,
    ),
  ]
}

/** What to do in the console so that calls to `number` arrive. */
export function enter(number: string, ours: string): string {
  return `Enter ${ours} (Webhook, HTTP POST) under "A call comes in" of ${number} in the Twilio console.`
}

/** A webhook's user, password and query may be secrets. */
function shown(url: string): string {
  return url
    .replace(/^(\w+:\/\/)[^@/]*@/, '$1')
    .replace(/[?#].*$/s, '')
    .slice(0, 200)
}
