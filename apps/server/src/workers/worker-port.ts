import { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpRequest, HttpResponse } from '@kav/core'
import type { CallsPort } from '../http-host.ts'
import { type RouteTable, routeOf, upgradeOf } from '../http/route-table.ts'
import type { UpgradeDoor, UpgradeHandler } from '../http/upgrade-door.ts'
import type { UpgradeHead, WorkerRoutes } from './messages.ts'
import { pathToSlot } from '../http/slot-paths.ts'

/** The port as a worker has it: the parent listens, and hands on what is for its pipelines. */
export interface WorkerPort extends CallsPort {
  answer(request: HttpRequest): Promise<HttpResponse>
  /** @param handler in place of the route's. */
  receive(head: UpgradeHead, socket: Socket, handler?: UpgradeHandler): void
}

export function createWorkerPort(parts: {
  readonly slot: number
  readonly door: UpgradeDoor
  readonly onRoutes: (routes: WorkerRoutes) => void
}): WorkerPort {
  let tables: readonly RouteTable[] = []
  return {
    serve(others) {
      tables = others
      parts.onRoutes({
        routes: [...new Set(others.flatMap(({ routes }) => [...routes.keys()]))],
        offering: [...new Set(others.flatMap(({ offering }) => [...offering]))],
        upgrades: [...new Set(others.flatMap(({ upgrades }) => [...upgrades.keys()]))],
      })
    },
    ownPath: (path) => pathToSlot(path, parts.slot),
    async answer(request) {
      // Taken off the port while the request was on its way.
      const handler = routeOf(tables, `${request.method} ${request.path}`)
      return handler === undefined ? { status: 404, body: 'not found\n' } : await handler(request)
    },
    receive({ path, head, ...written }, socket, handler = upgradeOf(tables, path)) {
      const request = new IncomingMessage(socket)
      request.method = written.method
      request.url = written.url
      request.httpVersion = written.httpVersion
      request.rawHeaders = [...written.rawHeaders]
      request.headers = { ...written.headers }
      parts.door.receive(handler, request, socket, Buffer.from(head))
    },
  }
}
