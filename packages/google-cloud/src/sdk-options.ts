import type { ClientSettings } from './client-settings.ts'
import { createClosingChannel, type GrpcModule } from './closing-channel.ts'

/** The part of a grpc-js client that the SDK's stub really is. */
export interface GrpcStub {
  waitForReady(deadline: number, callback: (error?: Error) => void): void
}

/** What the SDK's clients take; none of them declares all of it. */
export type SdkOptions = ReturnType<typeof sdkOptions>

/** The options of an SDK client, whose own grpc-js is handed in: credentials and channels are known by their class. */
export function sdkOptions(
  params: { readonly keepalive_time_ms: number; readonly keepalive_timeout_ms: number },
  settings: ClientSettings,
  grpc: GrpcModule,
) {
  return {
    apiEndpoint: settings.host,
    port: settings.port,
    'grpc.keepalive_time_ms': params.keepalive_time_ms,
    'grpc.keepalive_timeout_ms': params.keepalive_timeout_ms,
    // Without a pool of its own, every client with equal options would share one HTTP/2 connection.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.channelFactoryOverride': createClosingChannel(grpc),
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
}
