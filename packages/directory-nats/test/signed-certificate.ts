import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate for localhost of an authority that nobody knows, as options of nats-server. */
export function signedCertificate(folder: string): {
  readonly authority: string
  readonly args: readonly string[]
} {
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', [...args], { stdio: 'ignore' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...key, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=kav test')
  openssl('req', ...key, '-keyout', at('nats.key'), '-out', at('nats.csr'), '-subj', '/CN=nats')
  writeFileSync(at('names'), 'subjectAltName = DNS:localhost')
  const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names')]
  openssl('x509', '-req', '-in', at('nats.csr'), ...signing, '-out', at('nats.pem'))
  return {
    authority: readFileSync(at('ca.pem'), 'utf8'),
    args: ['--tls', '--tlscert', at('nats.pem'), '--tlskey', at('nats.key')],
  }
}
