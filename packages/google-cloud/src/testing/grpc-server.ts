import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js'
import type { ProtoService } from './proto-services.ts'

export type Implementation = readonly [service: ProtoService, handlers: UntypedServiceImplementation]

export interface GrpcServerOptions {
  /** Streams one HTTP/2 connection may have at once; more are queued without a word, as HTTP/2 has it. */
  readonly maxConcurrentStreams?: number
  /** Where to listen; 0 is any free port. */
  readonly port?: number
}

/** A plaintext gRPC server on 127.0.0.1. */
export interface GrpcServer {
  readonly port: number
  /** For `params.endpoint`. */
  readonly endpoint: string
  /** Tells every connection to go away (HTTP/2 GOAWAY) and breaks what is left of it after `graceMs`. */
  goAway(graceMs: number): void
  close(): Promise<void>
}

export async function openGrpcServer(
  implementations: readonly Implementation[],
  options: GrpcServerOptions,
): Promise<GrpcServer> {
  const server = new Server(
    options.maxConcurrentStreams === undefined
      ? {}
      : { 'grpc.max_concurrent_streams': options.maxConcurrentStreams },
  )
  for (const [service, handlers] of implementations) server.addService(service, handlers)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${options.port ?? 0}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  const address = `127.0.0.1:${port}`
  return {
    port,
    endpoint: `http://${address}`,
    goAway(graceMs) {
      server.drain(address, graceMs)
    },
    close() {
      server.forceShutdown()
      return Promise.resolve()
    },
  }
}
