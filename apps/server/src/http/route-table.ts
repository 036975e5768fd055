import type { HttpRequest, HttpResponse, RouteOptions } from '@kav/core'
import { pathBeforeSlot } from './slot-paths.ts'
import type { UpgradeHandler } from './upgrade-door.ts'

export type RouteHandler = (request: HttpRequest) => Promise<HttpResponse>

/** What one owner answers on a port. Whole tables are put on the port and taken off it, never single routes. */
export class RouteTable {
  /** By method and path: `POST /twilio/voice`. */
  readonly routes = new Map<string, RouteHandler>()
  /** Keys of routes by which calls are offered. */
  readonly offering = new Set<string>()
  /** By path. */
  readonly upgrades = new Map<string, UpgradeHandler>()

  /** Throws for the second of a kind. */
  route(method: 'GET' | 'POST', path: string, handler: RouteHandler, options: RouteOptions = {}): void {
    const key = `${method} ${path}`
    add(this.routes, key, handler)
    if (options.offersCalls) this.offering.add(key)
  }

  /** Throws for the second of a kind. */
  upgrade(path: string, handler: UpgradeHandler): void {
    add(this.upgrades, path, handler)
  }

  /** The paths that both answer. */
  overlapsWith(other: RouteTable): readonly string[] {
    const routes = [...this.routes.keys()].filter((key) => other.routes.has(key))
    const upgrades = [...this.upgrades.keys()].filter((path) => other.upgrades.has(path))
    return [...new Set([...routes.map((key) => key.slice(key.indexOf(' ') + 1)), ...upgrades])]
  }
}

function add<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.has(key)) throw new Error(`two handlers for ${key}; give one of them another path`)
  map.set(key, value)
}

/** The handler of the first table that has one. */
export function routeOf(tables: readonly RouteTable[], key: string): RouteHandler | undefined {
  for (const table of tables) {
    const handler = table.routes.get(key)
    if (handler !== undefined) return handler
  }
  return undefined
}

export function upgradeOf(tables: readonly RouteTable[], path: string): UpgradeHandler | undefined {
  for (const wanted of [path, pathBeforeSlot(path)]) {
    for (const table of tables) {
      const handler = table.upgrades.get(wanted)
      if (handler !== undefined) return handler
    }
  }
  return undefined
}
