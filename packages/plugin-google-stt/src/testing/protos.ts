import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { GrpcObject, ServiceClientConstructor } from '@grpc/grpc-js'
import * as grpc from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'

const OPTIONS = { keepCase: false, longs: String, enums: String, defaults: true, oneofs: true }

/** Service definitions from the protos inside the SDK package: the wire is the real one. */
export function loadServices(): Readonly<
  Record<'v1' | 'v2' | 'locations', ServiceClientConstructor['service']>
> {
  const require = createRequire(import.meta.url)
  const speech = load(require('@google-cloud/speech/build/protos/protos.json'))
  const ofSdk = createRequire(require.resolve('@google-cloud/speech'))
  // Not among the exports of google-gax, but beside its main file (build/src/index.js).
  const locations = new URL('../protos/locations.json', pathToFileURL(ofSdk.resolve('google-gax')))
  return {
    v1: serviceAt(speech, 'google.cloud.speech.v1.Speech'),
    v2: serviceAt(speech, 'google.cloud.speech.v2.Speech'),
    locations: serviceAt(
      load(require(fileURLToPath(locations)) as object),
      'google.cloud.location.Locations',
    ),
  }
}

function load(json: object): GrpcObject {
  return grpc.loadPackageDefinition(fromJSON(json, OPTIONS))
}

function serviceAt(root: GrpcObject, path: string): ServiceClientConstructor['service'] {
  let at: unknown = root
  for (const name of path.split('.')) at = (at as GrpcObject)[name]
  return (at as ServiceClientConstructor).service
}
