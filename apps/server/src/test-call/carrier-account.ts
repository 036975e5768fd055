import type { LoadedPipeline } from '@kav/core/host'
import type { PlaceCallOptions } from '@kav/phone'

/** How to call a server: what the phone needs to know of it. */
export type CarrierDial = Pick<
  PlaceCallOptions,
  'through' | 'webhookUrl' | 'streamUrl' | 'parameters' | 'accountSid' | 'authToken' | 'publicUrl'
>

/** What a pipeline that has Twilio's kind of transport is configured with. */
export interface CarrierAccount {
  readonly voicePath: string
  readonly accountSid?: string
  readonly authToken?: string
  readonly publicUrl?: string
  readonly signed: boolean
}

export function accountOf(pipeline: Pick<LoadedPipeline, 'stages'>): CarrierAccount {
  const { params } = pipeline.stages.transport
  const text = (name: string): string | undefined => {
    const value = params[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const accountSid = text('account_sid')
  const authToken = text('auth_token')
  const publicUrl = text('public_url')
  return {
    voicePath: text('voice_path') ?? '/twilio/voice',
    ...(accountSid === undefined ? {} : { accountSid }),
    ...(authToken === undefined ? {} : { authToken }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    signed: params['validate_signature'] !== false && authToken !== undefined,
  }
}

/** The test caller signs as the carrier would, with what the pipeline is configured with. */
export function dialAsCarrier(account: CarrierAccount, url: string): CarrierDial {
  const { voicePath, accountSid, authToken, publicUrl, signed } = account
  return {
    webhookUrl: `${url}${voicePath}`,
    ...(accountSid === undefined ? {} : { accountSid }),
    ...(signed && authToken !== undefined ? { authToken } : {}),
    ...(signed && publicUrl !== undefined ? { publicUrl } : {}),
  }
}
