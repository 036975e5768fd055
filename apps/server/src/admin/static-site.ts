import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import sirv from 'sirv'
import type { MountedSite } from '../http-host.ts'
import { refuseUpgrade } from '../http/upgrade-door.ts'

export interface StaticSiteParts {
  /** `/console/`: with both slashes. */
  readonly prefix: string
  /** Built files with an `index.html`. */
  readonly folder: string
  /** Names of files, below the folder, that hold a hash of their content and can be kept for ever: `assets/`. */
  readonly hashed: string
}

/** No frame of another page may hold it, nothing of another origin runs in it, and nothing inline. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
} as const

const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * A page that is served from its built files: open to all who reach the port, for it holds nothing but code. A path
 * below it that names no file is one of the page's own, and gets its index.
 */
export function createStaticSite({ prefix, folder, hashed }: StaticSiteParts): MountedSite {
  const serve = sirv(folder, {
    single: true,
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(response, path) {
      for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value)
      response.setHeader('cache-control', path.startsWith(`/${hashed}`) ? FOR_EVER : 'no-cache')
    },
  })
  const bare = prefix.slice(0, -1)
  return {
    takes: (path) => path === bare || path.startsWith(prefix),
    async answer(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, 'GET it\n')
      if (request.url === bare) return plain(response, 308, '', { location: prefix })
      request.url = `/${(request.url ?? prefix).slice(prefix.length)}`
      const sent = whenSent(response)
      serve(request, response, () => plain(response, 404, 'not found\n'))
      await sent
    },
    upgrade: (_request, socket) => refuseUpgrade(socket, '404 Not Found'),
  }
}

/**
 * `sirv` pipes a file and looks after neither end: one that was taken away would throw where nobody listens, and one that
 * nobody reads to its end would stay open.
 */
function whenSent(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('close', resolve)
    response.once('pipe', (file: Readable) => {
      response.once('close', () => file.destroy())
      file.once('error', (error) => {
        reject(error)
        response.destroy()
      })
    })
  })
}

function plain(response: ServerResponse, status: number, text: string, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers })
  response.end(text)
}
