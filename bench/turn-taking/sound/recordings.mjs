// Recorded human voice, 8 kHz. From two Debian packages, taken out of them once and not installed; where there are
// none, the ten recordings that the phone brings. Attribution: bench/README.md.

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { takeFromDebian } from '../../../scripts/debian-commands.mjs'

const CACHE = fileURLToPath(new URL('../../../.cache/recordings/', import.meta.url))
const OWN = fileURLToPath(new URL('../../../packages/phone/audio/', import.meta.url))
const SOUNDS = 'usr/share/asterisk/sounds'
const CALLERS = { package: 'asterisk-core-sounds-en-wav', path: `${SOUNDS}/en_US_f_Allison`, size: '18 MB' }
const OTHERS = { package: 'asterisk-core-sounds-it-wav', path: `${SOUNDS}/it_IT_m_Carlo`, size: '18 MB' }
/** No voice, or keys and machines. */
const UNFIT = /^(?:silence|.*tone|beep|beeperr|confbridge-(?:join|leave)$|tt-monkeys$)/u

/**
 * `{ callers, others, source }`: recordings by name (`digits/5`), of the caller and agent, and of people who are not
 * in the call. `ownOnly`: those of the repository alone, so that tests need no network.
 */
export function loadRecordings({ ownOnly = false, log = () => {} } = {}) {
  const callers = ownOnly ? undefined : fromPackage(CALLERS, log)
  const others = ownOnly ? undefined : fromPackage(OTHERS, log)
  if (callers && others) return { callers, others, source: 'Debian packages' }
  const own = readFolder(OWN)
  if (!ownOnly)
    log('Recordings of the repository alone: the figures are not comparable with those of the packages.')
  return { callers: callers ?? own, others: others ?? own, source: 'ten recordings of the repository' }
}

function fromPackage({ package: name, path, size }, log) {
  const folder = join(CACHE, name)
  if (!existsSync(folder)) {
    mkdirSync(CACHE, { recursive: true })
    takeFromDebian({ package: name, path, size, what: 'recorded voice' }, folder, log)
  }
  return existsSync(folder) ? readFolder(folder) : undefined
}

function readFolder(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.wav'))
  const names = files.map((file) => file.slice(0, -4)).sort()
  return new Map(
    names.filter((name) => !UNFIT.test(name)).map((name) => [name, readWav(join(folder, `${name}.wav`))]),
  )
}

/** 8 kHz mono 16-bit, as all of them are. */
function readWav(file) {
  const bytes = readFileSync(file)
  const at = bytes.indexOf('data') + 4
  const length = Math.min(bytes.readUInt32LE(at), bytes.length - at - 4) >> 1
  const samples = new Int16Array(length)
  for (let n = 0; n < length; n++) samples[n] = bytes[at + 4 + 2 * n] | (bytes[at + 5 + 2 * n] << 8)
  return samples
}
