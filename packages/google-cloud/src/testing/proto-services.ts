import { loadPackageDefinition, type GrpcObject, type ServiceClientConstructor } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'

export type ProtoService = ServiceClientConstructor['service']

const OPTIONS = { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true }

/** The protos inside an SDK package, which make the wire the real one. `json` is its parsed `protos.json`. */
export function loadProtos(json: object): GrpcObject {
  return loadPackageDefinition(fromJSON(json, OPTIONS))
}

/** The service of a full name, `google.cloud.speech.v2.Speech`. */
export function serviceAt(root: GrpcObject, path: string): ProtoService {
  let at: unknown = root
  for (const name of path.split('.')) at = (at as GrpcObject)[name]
  return (at as ServiceClientConstructor).service
}
