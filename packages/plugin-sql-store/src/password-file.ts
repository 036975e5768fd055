import { readFile } from 'node:fs/promises'
import { messageOf, ProviderError } from '@kav/core'

/** The password in a file, for one connection. Rejects with a `ProviderError` of class `auth` that repeats none of it. */
export async function readPassword(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ProviderError('auth', `password_file cannot be read: ${messageOf(error)}`)
  })
  // As files of secrets come: with the end of a line, or without.
  const password = text.replace(/\r?\n$/, '')
  if (password === '') throw new ProviderError('auth', `password_file ${file} is empty`)
  if (password.includes('\n'))
    throw new ProviderError(
      'auth',
      `password_file ${file} has more than one line; the password alone belongs in it`,
    )
  return password
}
