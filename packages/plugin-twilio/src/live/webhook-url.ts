import { spellings } from '../signing/url-spellings.ts'

/** How a URL that a number has compares with the one that Kav answers at. */
export type Comparison =
  | { readonly is: 'ours' }
  /**
   * On our host, and not ours; `why` says in what. `isSlip`: nobody can have meant it so. Otherwise there may be
   * another service at that port or path.
   */
  | { readonly is: 'near'; readonly why: string; readonly isSlip: boolean }
  | { readonly is: 'elsewhere' }

/**
 * By the spellings that signatures are tried with, so that `ours` means that they fit. Query and fragment aside: a query is passed on to the call, a fragment tells Twilio how to connect.
 */
export function compareWebhook(written: string, ours: string): Comparison {
  const url = written.replace(/[?#].*$/s, '')
  if ([...spellings(ours)].includes(url)) return { is: 'ours' }
  if (!URL.canParse(url) || !URL.canParse(ours)) return { is: 'elsewhere' }
  const [theirs, wanted] = [new URL(url), new URL(ours)]
  if (theirs.hostname !== wanted.hostname) return { is: 'elsewhere' }
  const path = pathDifference(theirs.pathname, wanted.pathname)
  const port = portDifference(theirs, wanted)
  const user = theirs.username === '' ? '' : 'there is a user name in it'
  const why = [schemeDifference(theirs, wanted), user, port, path.why].filter((one) => one !== '')
  return {
    is: 'near',
    why: why.join(', ') || 'its host is spelled otherwise',
    isSlip: path.isSlip && port === '',
  }
}

function schemeDifference(theirs: URL, wanted: URL): string {
  return theirs.protocol === wanted.protocol ? '' : `it is ${theirs.protocol.replace(':', '')}`
}

function portDifference(theirs: URL, wanted: URL): string {
  if (theirs.port === wanted.port) return ''
  return theirs.port === '' ? `its port ${wanted.port} is missing` : `its port is ${theirs.port}`
}

/** `isSlip`: a slash or capitals, which nobody chooses. */
function pathDifference(theirs: string, wanted: string): { readonly why: string; readonly isSlip: boolean } {
  if (theirs === wanted) return { why: '', isSlip: true }
  const bare = (path: string): string => path.replace(/\/+/g, '/').replace(/\/$/, '')
  if (bare(theirs) === bare(wanted)) return { why: 'its path has a slash more or less', isSlip: true }
  if (bare(theirs).toLowerCase() === bare(wanted).toLowerCase()) {
    return { why: 'capitals differ in its path', isSlip: true }
  }
  if (bare(theirs) === '') return { why: 'it has no path', isSlip: false }
  return { why: `its path is ${theirs.slice(0, 80)}`, isSlip: false }
}
