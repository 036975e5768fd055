import type { v1, v2 } from '@google-cloud/speech'
import { sdkOptions, type ClientSettings } from '@kav/google-cloud'
import type { ResolvedParams } from './params.ts'

export type SpeechClient = v1.SpeechClient | v2.SpeechClient

/** Loads the SDK (250-350 ms the first time). Only this file imports it, and only on demand. */
export async function loadSpeechSdk(): Promise<SpeechSdk> {
  const [speech, grpc] = await Promise.all([import('@google-cloud/speech'), import('@grpc/grpc-js')])
  return {
    createClient(params, settings) {
      const options = sdkOptions(params, settings, grpc)
      return params.api === 'v2' ? new speech.v2.SpeechClient(options) : new speech.v1.SpeechClient(options)
    },
  }
}

export interface SpeechSdk {
  /** Makes a client, which opens no connection. The first one of a process takes 100-300 ms. */
  createClient(params: ResolvedParams, settings: ClientSettings): SpeechClient
}
