import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { isKavError, type TransportDouble } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { type PhoneCall, PhoneError } from '@kav/phone'
import type { Environment } from '../environment.ts'
import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { WrongUse } from '../wrong-use.ts'
import { accountOf, type CarrierDial, dialAsCarrier } from './carrier-account.ts'
import { openTestLine } from './test-line.ts'

/** Who is called by `kav call`, and what was opened for it. */
export interface CallTarget {
  readonly dial: CarrierDial
  /** To be told of the call once it is up. */
  readonly onCall?: (call: PhoneCall) => void
  close(): Promise<void>
}

export interface CallTargetOptions {
  /** Of a pipeline: where it is served already. Absent: it is served for this one call. */
  readonly url?: string
  /** Of a media stream: what its TwiML would say. */
  readonly param?: readonly string[]
  readonly authToken?: string
  readonly publicUrl?: string
}

/**
 * By its look: a voice webhook (http://…), a media stream (ws://…), which needs no webhook, or a pipeline file, which is
 * called by whatever transport it has. Throws what is wrong with it.
 */
export async function openCallTarget(
  to: string,
  options: CallTargetOptions,
  env: Environment,
): Promise<CallTarget> {
  const { url, param = [], authToken, publicUrl } = options
  const signing = {
    ...(authToken !== undefined && { authToken }),
    ...(publicUrl !== undefined && { publicUrl }),
  }
  checkAddresses(to, options)
  const isStream = /^wss?:\/\//i.test(to)
  if (param.length > 0 && !isStream) throw new WrongUse('--param is of a media stream, ws://…')
  if (isStream || /^https?:\/\//i.test(to)) {
    if (url !== undefined) throw new WrongUse('--url is of a pipeline file; this is an address by itself')
    const dial = isStream ? { streamUrl: to, parameters: readParameters(param) } : { webhookUrl: to }
    return { dial: { ...dial, ...signing }, close: async () => undefined }
  }
  const { pipeline } = await openPipeline(to, env, createServerLoader(), { files: true })
  if (url !== undefined) return await callServed(pipeline, new URL(url).origin, signing)
  const line = await openTestLine({ pipeline, onEvent: () => undefined })
  return {
    dial: { ...line.dial, ...signing },
    onCall: (call) => line.carrier.add(call),
    async close() {
      await line.close()
    },
  }
}

/** Throws for what nobody could be called by, and says which of them it is. */
function checkAddresses(to: string, { url, publicUrl }: CallTargetOptions): void {
  if (ADDRESS.test(to)) checkAddress('', to)
  else if (!existsSync(to) && !/\.ya?ml$/i.test(to))
    throw new WrongUse(`${to}: there is no such file; an address begins with http:// or ws://`)
  if (url !== undefined) checkAddress('--url ', url)
  if (publicUrl !== undefined) checkAddress('--public-url ', publicUrl)
}

const ADDRESS = /^(?:https?|wss?):\/\//i

function checkAddress(name: string, text: string): void {
  if (!ADDRESS.test(text) || !URL.canParse(text))
    throw new WrongUse(`${name}${text}: this is no address; write it as http://127.0.0.1:8080`)
}

/** A pipeline that is served at `url`: by its own double where the transport has one; else as Twilio, with the account of the file. */
export async function callServed(
  pipeline: Pick<LoadedPipeline, 'stages'>,
  url: string,
  signing: Pick<CarrierDial, 'authToken' | 'publicUrl'>,
): Promise<CallTarget> {
  const { plugin, params } = pipeline.stages.transport
  const double = await plugin.double?.(params)
  if (double === undefined) {
    const dial = { ...dialAsCarrier(accountOf(pipeline), url), ...signing }
    return { dial, close: async () => undefined }
  }
  if (asksItsCarrier(double, params)) {
    await double.close()
    throw new WrongUse(
      `the transport ${plugin.name} of a server that runs asks its real carrier, and would not hear of this call; ` +
        'leave --url out: the pipeline is then served here for the one call',
    )
  }
  return { dial: { through: { double, url } }, close: () => double.close() }
}

/** The double stands in for a carrier at addresses that the server would have to be told. */
function asksItsCarrier(double: TransportDouble, params: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(double.params).some(([name, value]) => !isDeepStrictEqual(params[name], value))
}

function readParameters(written: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    written.map((text) => {
      const at = text.indexOf('=')
      if (at < 1) throw new WrongUse(`--param ${text}: name=value is expected`)
      return [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

/** The same error, with what else can be called where no webhook is served. */
export function withOtherWays(error: unknown): unknown {
  const noWebhook = isKavError(error) && error.code === 'KAV_PHONE_WEBHOOK_FAILED'
  if (!noWebhook || ![404, 405].includes(Number(error.details['status']))) return error
  return new PhoneError(
    'KAV_PHONE_WEBHOOK_FAILED',
    `${error.message}\nWhere no webhook is served: kav call ws://…/twilio/media calls the stream itself ` +
      '(stream_token: optional), and kav call pipeline.yaml the pipeline, by whatever transport it has.',
    { cause: error, details: error.details },
  )
}
