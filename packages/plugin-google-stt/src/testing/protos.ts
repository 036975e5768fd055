import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { loadProtos, serviceAt, type ProtoService } from '@kav/google-cloud/testing'

/** Service definitions from the protos inside the SDK package: the wire is the real one. */
export function loadServices(): Readonly<Record<'v1' | 'v2' | 'locations', ProtoService>> {
  const require = createRequire(import.meta.url)
  const speech = loadProtos(require('@google-cloud/speech/build/protos/protos.json') as object)
  const ofSdk = createRequire(require.resolve('@google-cloud/speech'))
  // Not among the exports of google-gax, but beside its main file (build/src/index.js).
  const locations = new URL('../protos/locations.json', pathToFileURL(ofSdk.resolve('google-gax')))
  return {
    v1: serviceAt(speech, 'google.cloud.speech.v1.Speech'),
    v2: serviceAt(speech, 'google.cloud.speech.v2.Speech'),
    locations: serviceAt(
      loadProtos(require(fileURLToPath(locations)) as object),
      'google.cloud.location.Locations',
    ),
  }
}
