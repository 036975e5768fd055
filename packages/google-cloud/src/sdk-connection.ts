import type { GrpcStub } from './sdk-options.ts'

/** One client of an SDK with its own HTTP/2 connection (`sdkOptions`). */
export interface SdkConnection<Client> {
  /** The client with its credentials checked; rejects with what the auth library said. */
  readonly client: Promise<Client>
  /** Resolves once the HTTP/2 connection is up; rejects with gRPC's error after `timeoutMs`, or as `client` does. */
  up(timeoutMs: number): Promise<void>
  close(): void
}

interface SdkClient {
  initialize(): Promise<unknown>
  close(): Promise<void>
}

export function createSdkConnection<Client extends SdkClient>(made: Promise<Client>): SdkConnection<Client> {
  // Initialising before the first request is what makes bad credentials a rejection here instead of an unhandled one.
  const stub = made.then((client) => client.initialize()) as Promise<GrpcStub>
  const client = Promise.all([made, stub]).then(([ready]) => ready)
  client.catch(() => undefined)
  return {
    client,
    async up(timeoutMs) {
      await client
      const grpc = await stub
      await new Promise<void>((resolve, reject) => {
        grpc.waitForReady(Date.now() + timeoutMs, (error) => {
          if (error === undefined || error === null) resolve()
          else reject(error)
        })
      })
    },
    close() {
      made.then((open) => open.close()).catch(() => undefined)
    },
  }
}
