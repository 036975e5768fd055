import { Writable } from 'node:stream'
import type { CallEvent, CallRecord, LoadedPipeline } from '@kav/core'
import { type CallResult, type CallerScript, openCarrierApi, runCallScript } from '@kav/phone'
import type { CallEvidence } from './checklist.ts'
import { createHttpHost } from './http-host.ts'
import { createLogger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { runPipeline } from './running-pipeline.ts'
import { systemClock } from './system-clock.ts'

export interface TestCallOptions {
  readonly pipeline: LoadedPipeline
  readonly script: CallerScript
  /** Stereo WAV of what the caller said and heard. */
  readonly recordTo?: string
  readonly onEvent?: (event: CallEvent) => void
}

const ERROR_LEVEL = 50

/**
 * Runs the pipeline on a free port of this machine and places one call to it, the way the carrier does: voice
 * webhook, TwiML, media stream, and the carrier's own API for the hang-up. Returns what both ends know of it.
 */
export async function placeTestCall(
  options: TestCallOptions,
): Promise<CallEvidence & { files: readonly string[] }> {
  const errorLines: string[] = []
  const log = createLogger({ level: 'error', private: true, pretty: false, to: collectErrors(errorLines) })
  const events: CallEvent[] = []
  let recordKept: (kept: { record: CallRecord; files: readonly string[] }) => void = () => undefined
  const kept = new Promise<{ record: CallRecord; files: readonly string[] }>((resolve) => {
    recordKept = resolve
  })
  const account = accountOf(options.pipeline)
  const carrier = await openCarrierApi(account)
  const http = createHttpHost(log)
  const running = await runPipeline({
    pipeline: withCarrier(options.pipeline, carrier.url),
    http,
    clock: systemClock,
    log,
    metrics: createMetrics(log).metrics,
    onEvent(event) {
      events.push(event)
      options.onEvent?.(event)
    },
    onRecord: (record, files) => recordKept({ record, files }),
  })
  try {
    const port = await http.listen(0, '127.0.0.1')
    const phone: CallResult = await runCallScript({
      webhookUrl: `http://127.0.0.1:${port}${account.voicePath}`,
      script: options.script,
      onCall: (call) => carrier.add(call),
      ...(options.recordTo === undefined ? {} : { recordTo: options.recordTo }),
      ...(account.accountSid === undefined ? {} : { accountSid: account.accountSid }),
      ...(account.signed ? { authToken: account.authToken, publicUrl: account.publicUrl } : {}),
    })
    const { record, files } = await kept
    return { phone, events, record, errorLines, files }
  } finally {
    await running.close()
    await http.close()
    await carrier.close()
  }
}

interface Account {
  readonly voicePath: string
  readonly accountSid?: string
  readonly authToken?: string
  readonly publicUrl?: string
  readonly signed: boolean
}

/** The test caller signs as the carrier would, with what the pipeline is configured with. */
function accountOf(pipeline: LoadedPipeline): Account {
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

/** A test call must not reach the real carrier: its API is the one on loopback. */
function withCarrier(pipeline: LoadedPipeline, url: string): LoadedPipeline {
  const transport = pipeline.stages.transport
  return {
    ...pipeline,
    stages: {
      ...pipeline.stages,
      transport: { ...transport, params: { ...transport.params, api_base_url: url } },
    },
  }
}

function collectErrors(into: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().split('\n')) {
        if (line === '') continue
        const entry = JSON.parse(line) as { level: number; msg?: string; error?: string }
        if (entry.level >= ERROR_LEVEL) into.push([entry.msg, entry.error].filter(Boolean).join(': '))
      }
      done()
    },
  })
}
