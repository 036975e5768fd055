import type * as Sdk from 'microsoft-cognitiveservices-speech-sdk'
import { watchSdkSockets } from './sdk-sockets.ts'

export type SpeechSdk = typeof Sdk

let loaded: Promise<SpeechSdk> | undefined

/** The SDK, loaded once and set up for this process. */
export function loadSpeechSdk(): Promise<SpeechSdk> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<SpeechSdk> {
  const [sdk, adapter] = await Promise.all([
    import('microsoft-cognitiveservices-speech-sdk'),
    // The package has no exports map, and this switch is on no public object.
    import('microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js') as Promise<{
      WebsocketMessageAdapter: { forceNpmWebSocket: boolean }
    }>,
  ])
  // From Node 22 on the SDK would take Node's own WebSocket, under which a refused connection is never reported.
  adapter.WebsocketMessageAdapter.forceNpmWebSocket = true
  sdk.Recognizer.enableTelemetry(false)
  watchSdkSockets()
  return sdk
}
