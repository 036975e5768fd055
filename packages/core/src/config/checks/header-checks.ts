import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import type { Fields } from '../source/value-shapes.ts'
import { quoteKey } from '../yaml/yaml-value.ts'

/** Headers that are the connection's own. */
const OWN_HEADERS =
  /^(host|connection|content-length|transfer-encoding|keep-alive|upgrade|expect|te|trailer)$/i
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/

/** Names and texts that cannot be headers of a request. */
export function headerFindings(headers: Fields | undefined, path: Path): Finding[] {
  return Object.entries(headers ?? {}).flatMap(([name, value]): Finding[] => {
    const at = [...path, name]
    if (!HEADER_NAME.test(name)) return [fault(at, 'key', `${quoteKey(name)} is not the name of a header`)]
    if (OWN_HEADERS.test(name))
      return [fault(at, 'key', `${quoteKey(name)} is a header that Kav sets; remove it`)]
    if (typeof value === 'string' && /[^\x20-\x7e\xa0-\xff]/.test(value)) {
      const message = 'a header is one line of Latin letters; a line end or another character is in it'
      return [fault(at, 'value', message)]
    }
    return []
  })
}

function fault(path: Path, at: Finding['at'], message: string): Finding {
  return { code: 'KAV_CONFIG_VALUE', path, at, message }
}
