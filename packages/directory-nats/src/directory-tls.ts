import { messageOf } from '@kav/core'

/** What TLS to the servers is made with, each as PEM. */
export interface DirectoryTls {
  /** Who has signed the servers' certificates; absent: those that Node.js knows. */
  readonly authority?: string | undefined
  /** This node's own, for servers that ask for one (`verify`), and its key. */
  readonly certificate?: string | undefined
  readonly key?: string | undefined
}

/** As `tls` of the NATS client takes it. */
export function clientTls({ authority, certificate, key }: DirectoryTls): {
  ca?: string
  cert?: string
  key?: string
} {
  return {
    ...(authority !== undefined && { ca: authority }),
    ...(certificate !== undefined && { cert: certificate }),
    ...(key !== undefined && { key }),
  }
}

/** What the other side or OpenSSL finds wrong, without where in its source: `sslv3 alert bad certificate`. */
export function reasonOf(thrown: unknown): string {
  const said = messageOf(thrown).trim()
  const [where = '', fault] = said.split(':SSL routines:')
  if (!where.includes(':error:') || fault === undefined) return said
  return fault.split(':')[1] ?? said
}
