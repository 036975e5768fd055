export {
  openGrpcServer,
  type GrpcServer,
  type GrpcServerOptions,
  type Implementation,
} from './grpc-server.ts'
export type { GrpcStatus } from './grpc-status.ts'
export { onClientDone, type DuplexCall } from './duplex-call.ts'
export { loadProtos, serviceAt, type ProtoService } from './proto-services.ts'
