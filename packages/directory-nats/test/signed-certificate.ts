import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Signed {
  readonly certificate: string
  readonly key: string
}

/** Certificates of an authority that nobody knows: the server's for localhost, and one of who comes. */
export function signedCertificates(folder: string): {
  readonly authority: string
  readonly client: Signed
  /** A client's of another authority. */
  readonly stranger: Signed
  /** Options of nats-server; with `verify`, who comes has to show one. */
  args(how?: 'verify'): readonly string[]
} {
  const at = (name: string): string => join(folder, name)
  const openssl = (...args: readonly string[]): void =>
    void execFileSync('openssl', [...args], { stdio: 'ignore' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const authority = (name: string): void =>
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.pem`),
      '-subj',
      `/CN=${name}`,
    )
  const sign = (name: string, by: string): Signed => {
    openssl('req', ...newKey, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`), '-subj', `/CN=${name}`)
    const signing = ['-CA', at(`${by}.pem`), '-CAkey', at(`${by}.key`), '-CAcreateserial']
    openssl(
      'x509',
      '-req',
      '-in',
      at(`${name}.csr`),
      ...signing,
      '-extfile',
      at('names'),
      '-out',
      at(`${name}.pem`),
    )
    return {
      certificate: readFileSync(at(`${name}.pem`), 'utf8'),
      key: readFileSync(at(`${name}.key`), 'utf8'),
    }
  }
  writeFileSync(at('names'), 'subjectAltName = DNS:localhost')
  for (const name of ['ca', 'other-ca']) authority(name)
  sign('nats', 'ca')
  return {
    authority: readFileSync(at('ca.pem'), 'utf8'),
    client: sign('voice-1', 'ca'),
    stranger: sign('stranger', 'other-ca'),
    args: (how) => [
      ...['--tls', '--tlscert', at('nats.pem'), '--tlskey', at('nats.key')],
      ...(how === 'verify' ? ['--tlsverify', '--tlscacert', at('ca.pem')] : []),
    ],
  }
}
