import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HttpHost } from '../http-host.ts'
import { createStaticSite } from './static-site.ts'

const PREFIX = '/console/'

/** Serves the console out of the folder that it was built into; where nothing was built, its address says so. */
export function mountConsole(http: Pick<HttpHost, 'mount' | 'route'>, folder: string): void {
  if (existsSync(join(folder, 'index.html')))
    return http.mount(createStaticSite({ prefix: PREFIX, folder, hashed: 'assets/' }))
  http.route('GET', PREFIX, async () => ({
    status: 503,
    body: 'the console is not built: npm run build, in the checkout that this server runs from\n',
  }))
}
