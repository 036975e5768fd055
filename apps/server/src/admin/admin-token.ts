import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolderSync } from '@kav/core/kit'
import type { Environment } from '../environment.ts'
import { hideTexts } from '../privacy/secrets.ts'

/** Where the token is kept that nobody has chosen: below the folder the process runs in. */
export const TOKEN_FILE = join('.kav', 'admin-token')
const MIN_CHARACTERS = 16
/** Printable ASCII: what a header can hold. */
const FORM = /^[\x21-\x7e]+$/

/**
 * The token of the admin API: `KAV_ADMIN_TOKEN`, or the one in `.kav/admin-token`, which is made here where there is
 * none, for this user alone. It is hidden in everything that leaves the process. Throws with what to do where it is none
 * or cannot be kept.
 */
export function loadAdminToken(env: Environment, folder = '.'): string {
  const chosen = env['KAV_ADMIN_TOKEN']
  const token = chosen ? checked(chosen, 'KAV_ADMIN_TOKEN') : keptToken(folder)
  hideTexts([token])
  return token
}

/**
 * The token of a service that was started in this folder, or that the environment names; none is made. Throws where there
 * is none: a new one would open no door.
 */
export function knownAdminToken(env: Environment, folder = '.'): string {
  const token = env['KAV_ADMIN_TOKEN'] ? undefined : readToken(join(folder, TOKEN_FILE))
  if (token === undefined && !env['KAV_ADMIN_TOKEN'])
    throw new Error(
      `no kav serve was started in this folder (${TOKEN_FILE} is not there): run this in the folder of the process, or set KAV_ADMIN_TOKEN to its token`,
    )
  return loadAdminToken(env, folder)
}

function keptToken(folder: string): string {
  const file = join(folder, TOKEN_FILE)
  return readToken(file) ?? makeToken(file)
}

function readToken(file: string): string | undefined {
  try {
    return checked(readFileSync(file, 'utf8').trim(), file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whole from the moment it is there: of several processes that start in one folder, all have the first one's. */
function makeToken(file: string): string {
  const token = randomBytes(24).toString('base64url')
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  makeFolderSync(join(file, '..'), 0o700)
  writeFileSync(draft, `${token}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
    return token
  } catch (error) {
    const there = readToken(file)
    if (there === undefined) throw error
    return there
  } finally {
    rmSync(draft, { force: true })
  }
}

function checked(token: string, place: string): string {
  if (token.length >= MIN_CHARACTERS && FORM.test(token)) return token
  throw new Error(
    `${place} is no token: ${MIN_CHARACTERS} or more printable characters without spaces are expected, such as \`openssl rand -hex 24\` writes`,
  )
}
