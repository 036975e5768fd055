import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { messageOf } from '@kav/core'
import type { DirectoryTls } from '@kav/directory-nats'

/** Files of PEM, by what they are of. */
export type TlsFiles = { readonly [Part in keyof DirectoryTls]: string | undefined }

/** The variables that name them. */
export const TLS_VARIABLES: Readonly<Record<keyof DirectoryTls, string>> = {
  authority: 'KAV_DIRECTORY_CA',
  certificate: 'KAV_DIRECTORY_CERT',
  key: 'KAV_DIRECTORY_KEY',
}

const PARTS = Object.keys(TLS_VARIABLES) as (keyof DirectoryTls)[]

/** Reads them as they are now. Throws an Error that names the variable, and repeats nothing of what is in a file. */
export async function readTlsFiles(files: TlsFiles): Promise<DirectoryTls> {
  const parts = await Promise.all(
    PARTS.map(async (part) => [part, await readPart(part, files[part])] as const),
  )
  const { authority, certificate, key } = Object.fromEntries(parts) as DirectoryTls
  if (certificate !== undefined && key !== undefined) checkPair(certificate, key)
  return { authority, certificate, key }
}

function checkPair(certificate: string, key: string): void {
  let fits: boolean
  try {
    fits = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))
  } catch (error) {
    throw new Error(`KAV_DIRECTORY_CERT or KAV_DIRECTORY_KEY cannot be used: ${messageOf(error)}`, {
      cause: error,
    })
  }
  if (!fits) throw new Error('KAV_DIRECTORY_KEY is not the key of the certificate in KAV_DIRECTORY_CERT')
}

async function readPart(part: keyof DirectoryTls, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  const variable = TLS_VARIABLES[part]
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`${variable} cannot be read: ${messageOf(error)}`)
  })
  const [kind, begin] =
    part === 'key'
      ? ['key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/]
      : ['certificate', /-----BEGIN CERTIFICATE-----/]
  if (!begin.test(text)) throw new Error(`${variable}: ${file} holds no ${kind} in PEM (-----BEGIN …)`)
  if (part === 'key' && text.includes('ENCRYPTED'))
    throw new Error(
      `${variable}: ${file} has a passphrase; nobody is there to type it (openssl pkey takes it off)`,
    )
  return text
}
