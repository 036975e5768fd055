/** A gRPC status to fail with. */
export interface GrpcStatus {
  readonly code: number
  readonly details: string
}
