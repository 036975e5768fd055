import type { v1, v2 } from '@google-cloud/speech'
import type { ClientSettings } from './client-options.ts'
import type { ResolvedParams } from './params.ts'

export type SpeechClient = v1.SpeechClient | v2.SpeechClient

/** Loads the SDK (250-350 ms the first time). Only this file imports it, and only on demand. */
export async function loadSpeechSdk(): Promise<SpeechSdk> {
  const [speech, grpc] = await Promise.all([import('@google-cloud/speech'), import('@grpc/grpc-js')])
  return {
    createClient(params, settings) {
      const options = {
        apiEndpoint: settings.host,
        port: settings.port,
        'grpc.keepalive_time_ms': params.keepalive_time_ms,
        'grpc.keepalive_timeout_ms': params.keepalive_timeout_ms,
        // Without a pool of its own, every client with equal options would share one HTTP/2 connection.
        'grpc.use_local_subchannel_pool': 1,
        // The SDK's 1 s would make the core's tries at 200 ms fail without a new attempt.
        'grpc.initial_reconnect_backoff_ms': 100,
        'grpc.max_reconnect_backoff_ms': 1000,
        ...(settings.projectId !== undefined && { projectId: settings.projectId }),
        ...(settings.keyFilename !== undefined && { keyFilename: settings.keyFilename }),
        // The SDK's type knows service accounts only; its auth library takes every kind of key.
        ...(settings.credentials !== undefined && { credentials: settings.credentials as object }),
        ...(settings.plaintext && {
          sslCreds: grpc.credentials.createInsecure(),
          // Never sent; they only keep the auth library from asking a metadata server for its universe.
          credentials: { client_email: 'none', private_key: 'none' },
        }),
      }
      return params.api === 'v2' ? new speech.v2.SpeechClient(options) : new speech.v1.SpeechClient(options)
    },
  }
}

export interface SpeechSdk {
  /** Makes a client, which opens no connection. The first one of a process takes 100-300 ms. */
  createClient(params: ResolvedParams, settings: ClientSettings): SpeechClient
}

/** The part of a grpc-js client that the SDK's stub really is. */
export interface GrpcStub {
  waitForReady(deadline: number, callback: (error?: Error) => void): void
}
