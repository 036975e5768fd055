import type { TextToSpeechClient } from '@google-cloud/text-to-speech'
import { sdkOptions, type ClientSettings } from '@kav/google-cloud'
import type { ResolvedParams } from './params.ts'

export interface TtsSdk {
  /** Makes a client, which opens no connection. */
  createClient(params: ResolvedParams, settings: ClientSettings): TextToSpeechClient
}

/** Loads the SDK (100-200 ms the first time). Only this file imports it, and only on demand. */
export async function loadTtsSdk(): Promise<TtsSdk> {
  const [tts, grpc] = await Promise.all([import('@google-cloud/text-to-speech'), import('@grpc/grpc-js')])
  return {
    createClient(params, settings) {
      return new tts.TextToSpeechClient(sdkOptions(params, settings, grpc))
    },
  }
}
