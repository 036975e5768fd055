import { hostname } from 'node:os'
import type { FleetLimits } from '@kav/core'
import type { Environment } from '../environment.ts'
import { TLS_VARIABLES, type TlsFiles } from './directory-tls.ts'
import { limitOf, readLimitList } from './limit-list.ts'

/** Where the directory of the fleet is. */
export type DirectoryAddress =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'nats'
      /** With what is secret in them. */
      readonly servers: string
      readonly credentialsFile: string | undefined
      readonly tlsFiles: TlsFiles
      readonly replicas: number
    }

export interface FleetSettings {
  readonly directory: DirectoryAddress
  /** `KAV_NODE`, the machine's name when absent. */
  readonly node: string
  /** `KAV_FLEET`, `kav` when absent. */
  readonly fleet: string
  /** `KAV_FLEET_MAX_CALLS` and `KAV_FLEET_MAX_CALLS_OF_NUMBER`, for a call of this number. */
  limitsFor(number: string | undefined): FleetLimits
}

const REPLICAS = ['1', '3', '5']

/** What the environment says of the fleet. Throws an Error for a value that is none; it repeats no address. */
export function readFleetSettings(env: Environment): FleetSettings {
  const fleet = env['KAV_FLEET'] || 'kav'
  if (!/^[\w-]{1,32}$/.test(fleet))
    throw new Error(`KAV_FLEET is ${JSON.stringify(fleet)}; 1 to 32 letters, digits, - and _ are expected`)
  const ofFleet = readLimitList('KAV_FLEET_MAX_CALLS', env['KAV_FLEET_MAX_CALLS'])
  const ofNumbers = readLimitList('KAV_FLEET_MAX_CALLS_OF_NUMBER', env['KAV_FLEET_MAX_CALLS_OF_NUMBER'])
  if (ofFleet.byName.size > 0) throw new Error('KAV_FLEET_MAX_CALLS is one whole number, for the whole fleet')
  return {
    directory: directoryAddress(env),
    node: env['KAV_NODE'] || hostname(),
    fleet,
    limitsFor: (number) => ({ maxCalls: ofFleet.forAll, maxCallsOfNumber: limitOf(ofNumbers, number) }),
  }
}

function directoryAddress(env: Environment): DirectoryAddress {
  const servers = env['KAV_DIRECTORY'] || 'none'
  if (servers === 'none') return { kind: 'none' }
  if (!/^(?:nats|tls):\/\//.test(servers))
    throw new Error('KAV_DIRECTORY is neither none nor an address that begins with nats:// or tls://')
  const replicas = env['KAV_DIRECTORY_REPLICAS'] || '1'
  if (!REPLICAS.includes(replicas))
    throw new Error(
      `KAV_DIRECTORY_REPLICAS is ${JSON.stringify(replicas)}; one of ${REPLICAS.join(', ')} is expected`,
    )
  return {
    kind: 'nats',
    servers,
    credentialsFile: env['KAV_DIRECTORY_CREDS'] || undefined,
    tlsFiles: tlsFiles(env, servers),
    replicas: Number(replicas),
  }
}

function tlsFiles(env: Environment, servers: string): TlsFiles {
  const [authority, certificate, key] = Object.values(TLS_VARIABLES).map((name) => env[name] || undefined)
  const files = { authority, certificate, key }
  const [named] = Object.values(TLS_VARIABLES).filter((name) => env[name])
  if (named !== undefined && !servers.startsWith('tls://'))
    throw new Error(`${named} is for TLS: begin the addresses of KAV_DIRECTORY with tls://`)
  if ((certificate === undefined) !== (key === undefined))
    throw new Error('KAV_DIRECTORY_CERT and KAV_DIRECTORY_KEY go together: name both files, or none')
  return files
}
