/** Where the Speech service is asked by HTTP, beside the sockets that calls have. */
export type LivePlace =
  | {
      readonly kind: 'azure'
      /** For messages: `region westeurope`, or the host of a resource's own domain. */
      readonly name: string
      /** The param that says where it is. */
      readonly param: string
      /** Gives a token for a key (learn.microsoft.com, "Authenticate requests to Azure AI services"). */
      readonly tokenUrl: string
      readonly voicesUrl: string
    }
  | {
      /** A container, or another server of one's own (learn.microsoft.com, "Install and run Speech containers"). */
      readonly kind: 'container'
      readonly name: string
      readonly param: string
      readonly statusUrl: string
      readonly voicesUrl: string
    }

const TOKEN_PATH = '/sts/v1.0/issueToken'
const VOICES_PATH = '/cognitiveservices/voices/list'

/** The service of a region; China and the US government have clouds of their own. */
export function placeOfRegion(region: string): LivePlace {
  const [api, speech] = region.startsWith('china')
    ? ['api.cognitive.azure.cn', 'speech.azure.cn']
    : region.startsWith('usgov')
      ? ['api.cognitive.microsoft.us', 'speech.azure.us']
      : ['api.cognitive.microsoft.com', 'speech.microsoft.com']
  return {
    kind: 'azure',
    name: `region ${region}`,
    param: 'region',
    tokenUrl: `https://${region}.${api}${TOKEN_PATH}`,
    voicesUrl: `https://${region}.tts.${speech}${VOICES_PATH}`,
  }
}

/** The service at `url` of `param`: of a region after all, of a resource's own domain, or a container. */
export function placeOfHost(url: string, param: string): LivePlace | undefined {
  const http = url.replace(/^ws/i, 'http')
  if (!URL.canParse(http)) return undefined
  const { hostname, host, origin } = new URL(http)
  const region = /^([a-z0-9-]+)\.(?:stt|tts|s2s)\.speech\.(?:microsoft\.com|azure\.(?:us|cn))$/.exec(
    hostname,
  )?.[1]
  if (region !== undefined) return placeOfRegion(region)
  if (/\.(?:cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)$/.test(hostname)) {
    return {
      kind: 'azure',
      name: host,
      param,
      tokenUrl: origin + TOKEN_PATH,
      voicesUrl: `${origin}/tts${VOICES_PATH}`,
    }
  }
  return {
    kind: 'container',
    name: host,
    param,
    statusUrl: `${origin}/status`,
    voicesUrl: origin + VOICES_PATH,
  }
}
