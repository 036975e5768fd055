import type { ParamWarning } from '@kav/core'
import type { TwilioSettings } from './params.ts'

/** What people write before they know the name: that of a guide, or of a tunnel not yet opened. */
const PLACEHOLDER_HOST =
  /^(?:your|xxx|abc123|abcd1234|subdomain\.|mydomain\.|my-domain\.|domain\.(?:com|tld)$|example\.(?:com|org|net)$|www\.example\.)|(?:^|[.-])your[.-]|yourdomain|your-domain/
/** Loopback, private and link-local addresses (RFC 1918, 3927, 4193, 6598), and names that no public resolver has. */
const NEAR_HOST =
  /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|0\.0\.0\.0$|\[(?:::1?\]|f[cd]|fe80))|^[^.[\]]+$|\.(?:localhost|local|internal|lan|home|test|svc)$/

/** What `public_url` says that Twilio cannot reach, or will not sign. */
export function checkPublicUrl(settings: TwilioSettings): readonly ParamWarning[] {
  const { public_url: url } = settings
  if (url === undefined) return []
  if (/[,;]|:\/\/.*:\/\//.test(url))
    return [fault('is more than one address; write the one that Twilio calls')]
  if (url.includes('*'))
    return [fault('has a "*" in it, which stands for no host; write the name that Twilio calls')]
  if (!URL.canParse(url)) return [fault('is no URL; write https:// and the name that Twilio calls')]
  const { hostname, protocol, origin, pathname } = new URL(url)
  if (PLACEHOLDER_HOST.test(hostname))
    return [warning(`names "${hostname}", a placeholder; write the name that Twilio calls`)]
  if (NEAR_HOST.test(hostname)) {
    const way = 'give the address of a tunnel or a proxy'
    return [warning(`names this machine or a network of one’s own, where Twilio does not get to; ${way}`)]
  }
  if (protocol === 'http:') return [warning('is http: Twilio connects media streams by wss only (31922)')]
  return checkPath(settings, origin, pathname)
}

/** `https://host/twilio`, where the webhook's own path begins with `/twilio` already. */
function checkPath({ voice_path: voice }: TwilioSettings, origin: string, path: string): ParamWarning[] {
  const [, first = ''] = voice.split('/')
  if (first === '' || path.split('/')[1] !== first) return []
  const whole = `${origin}${path.replace(/\/$/, '')}${voice}`
  return [warning(`makes the webhook ${whole}; write "${origin}", unless a proxy takes the rest away`)]
}

function warning(message: string): ParamWarning {
  return { path: ['public_url'], message }
}

function fault(message: string): ParamWarning {
  return { ...warning(message), severity: 'error' }
}
