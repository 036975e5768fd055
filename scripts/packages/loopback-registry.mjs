import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename } from 'node:path'

/** A registry on this machine that has these packed packages and no other: for `npm create`, which asks one by name. */
export async function openRegistry(packages) {
  const tarballs = new Map(packages.map((one) => [`/-/${basename(one.tarball)}`, readFileSync(one.tarball)]))
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    const tarball = tarballs.get(path)
    if (tarball) return response.end(tarball)
    const found = packages.find(({ name }) => path === `/${name}`)
    if (!found) return response.writeHead(404, { 'content-type': 'application/json' }).end('{}')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(packument(found)))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}`

  function packument({ name, manifest, tarball }) {
    const path = `/-/${basename(tarball)}`
    const integrity = `sha512-${createHash('sha512').update(tarballs.get(path)).digest('base64')}`
    const { version } = manifest
    return {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist: { tarball: url + path, integrity } } },
    }
  }
  return { url, close: () => server.close() }
}
