export { callUnary, type CallingClient, type UnaryCall } from './call-unary.ts'
export { checkCredentials } from './check-credentials.ts'
export { readClientSettings, type ClientSettings, type EndpointAndKey } from './client-settings.ts'
export type { GrpcModule } from './closing-channel.ts'
export {
  createConnectionPool,
  type ConnectionPool,
  type Lease,
  type PooledConnection,
} from './connection-pool.ts'
export { createGrpcErrors, type ErrorPlace, type GrpcErrors, type ServiceErrors } from './grpc-errors.ts'
export type { LiveFinding } from './live-finding.ts'
export { connectionParams, credentialsParam, oneOf } from './params.ts'
export { createSafeCancel } from './safe-cancel.ts'
export { createSdkConnection, type SdkConnection } from './sdk-connection.ts'
export { sdkOptions, type GrpcStub, type SdkOptions } from './sdk-options.ts'
