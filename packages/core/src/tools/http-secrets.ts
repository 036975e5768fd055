import { isSecretKey, secretsOf } from '../kit/secrets/index.ts'
import { placesOf } from './place-text.ts'
import type { HttpToolSettings } from './tool-settings.ts'

/** A part of a path that is a key, as those of web hooks are: long, with digits all over. */
const KEY_IN_PATH = /^(?=(?:\D*\d){3})(?=[^a-z]*[a-z])[\w:.~+=-]{20,}$/i
/** Shorter ones are names and words. */
const MIN_PART_CHARS = 8

/**
 * What a tool sends that nobody may be told: some services repeat what they refuse, all of it or the part that they
 * understood.
 */
export function secretsSent({ url, headers, auth, body }: HttpToolSettings): readonly string[] {
  const inHeaders = Object.entries(headers).flatMap(([name, value]) =>
    isSecretKey(name) ? partsOf(value) : [],
  )
  const inAuth = auth === undefined ? [] : [auth.type === 'bearer' ? auth.token : auth.password]
  const inBody = secretsOf(body).texts.filter((text) => placesOf(text).length === 0)
  return [...inHeaders, ...inUrl(url), ...inAuth, ...inBody]
}

function inUrl(url: string): readonly string[] {
  const [address = '', ...query] = url.split('?')
  const inQuery = [...new URLSearchParams(query.join('?'))].flatMap(([name, value]) =>
    isSecretKey(name) && placesOf(value).length === 0 ? [value] : [],
  )
  return [
    ...address
      .split('/')
      .slice(3)
      .filter((part) => KEY_IN_PATH.test(part)),
    ...inQuery,
  ]
}

/** A header as a whole, what stands behind `Bearer`, the values of `name=value`, the password of a Basic header. */
function partsOf(header: string): readonly string[] {
  const parts = header.split(/[\s,;"]+|(?<=\w)=(?=[\w"%])/).filter((part) => part.length >= MIN_PART_CHARS)
  const basic = /^basic\s+(\S+)$/i.exec(header)?.[1]
  const password =
    basic === undefined
      ? ''
      : Buffer.from(basic, 'base64')
          .toString()
          .replace(/^[^:]*:/, '')
  return [header, header.replace(/^\S+\s+/, ''), ...parts, password]
}
