import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Keys, signatureFault } from './signature-v4.ts'

/** A bucket on the loopback that takes what is signed and whole, and nothing else. */
export interface S3Double {
  readonly endpoint: string
  /** By `bucket/key`. */
  readonly objects: Map<string, Buffer>
  /** What was asked, `PUT calls/a.wav`, in order. */
  readonly requests: string[]
  /** The next requests are refused so. */
  fail(times: number, status: number, code: string): void
  /** Answers 200 to everything, and keeps nothing: what answers is no bucket. */
  indifferent: boolean
  /** Called when a request has come whole. */
  onRequest: (() => void) | undefined
  close(): Promise<void>
}

export const DOUBLE_KEYS: Keys = { id: 'AKDOUBLE', secret: 'a-secret-of-the-double' }
export const DOUBLE_REGION = 'eu-central-1'

export async function openS3Double(keys: Keys = DOUBLE_KEYS): Promise<S3Double> {
  const objects = new Map<string, Buffer>()
  const requests: string[] = []
  let failing: { times: number; status: number; code: string } | undefined

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const path = decodeURIComponent(url.split('?')[0]!.slice(1))
    requests.push(`${method} ${path}`)
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = Buffer.concat(pieces)
    double.onRequest?.()
    const refuse = (status: number, code: string): void => {
      response.writeHead(status, { 'content-type': 'application/xml' })
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>refused</Message></Error>`)
    }
    if (double.indifferent) return void response.writeHead(200).end()
    if (failing && failing.times-- > 0) return refuse(failing.status, failing.code)
    const fault = signatureFault({ method, url, headers }, keys, DOUBLE_REGION)
    if (fault !== undefined) return refuse(403, fault === 'SignatureDoesNotMatch' ? fault : 'AccessDenied')
    if (method === 'PUT') {
      if (createHash('md5').update(body).digest('base64') !== headers['content-md5'])
        return refuse(400, 'BadDigest')
      objects.set(path, body)
      response.writeHead(200, { etag: '"1"' }).end()
    } else if (method === 'DELETE') {
      objects.delete(path)
      response.writeHead(204).end()
    } else {
      const found = objects.get(path)
      if (found === undefined) return refuse(404, 'NoSuchKey')
      const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
      const part = range
        ? found.subarray(Number(range[1]), range[2] ? Number(range[2]) + 1 : undefined)
        : found
      const told = { 'content-length': part.length, etag: '"1"' }
      response.writeHead(range ? 206 : 200, told).end(method === 'HEAD' ? undefined : part)
    }
  }

  const server = createServer((request, response) => {
    // Who gives up in the middle has asked for nothing.
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const double: S3Double = {
    endpoint: `http://127.0.0.1:${port}`,
    objects,
    requests,
    fail: (times, status, code) => void (failing = { times, status, code }),
    indifferent: false,
    onRequest: undefined,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return double
}
