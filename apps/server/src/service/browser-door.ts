import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RefusalReason } from '@kav/core'
import { refuseUpgrade, type Upgraded } from '../http/upgrade-door.ts'
import type { Line } from './line.ts'
import type { RunningPipeline } from './running-pipeline.ts'

/** What the console's phone asks for. */
export interface BrowserCallAsk {
  /** The name of a pipeline: it answers whatever number it stands under. */
  readonly pipeline: string
  readonly from?: string | undefined
}

/** Why the phone does not get its call. `no-browser-calls`: a browser cannot open what the transport's carrier opens. */
export type BrowserRefusal = RefusalReason | 'unknown-pipeline' | 'no-browser-calls'

export type BrowserCallAnswer =
  | {
      readonly callId: string
      /** What the stream has to bring; good once. */
      readonly parameters: Readonly<Record<string, string>>
      /** Where the stream is to come to. */
      readonly to: BrowserStreamPlace
    }
  | { readonly refused: BrowserRefusal }

export interface BrowserStreamPlace {
  readonly pipeline: string
  /** Of the worker that has promised the call; 0 where there are none. */
  readonly slot: number
}

/** The calls of browsers. Whoever asks has proven to be the operator: see `docs/security.md`. */
export interface BrowserDoor {
  offer(ask: BrowserCallAsk): Promise<BrowserCallAnswer>
  receive(
    place: BrowserStreamPlace,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Upgraded | Promise<Upgraded>
}

/** @param find a pipeline that takes new calls, and what brings its calls. */
export function createBrowserDoor(
  find: (pipeline: string) => { readonly running: RunningPipeline; readonly line: Line } | undefined,
): BrowserDoor {
  return {
    async offer({ pipeline, from }) {
      const found = find(pipeline)
      if (found === undefined) return { refused: 'unknown-pipeline' }
      const { running, line } = found
      if (line.browser === undefined) return { refused: 'no-browser-calls' }
      const answer = await line.browser.offer(running, from)
      if ('refused' in answer) return { refused: answer.refused }
      return { callId: answer.id, parameters: answer.parameters, to: { pipeline, slot: 0 } }
    },
    receive({ pipeline }, request, socket, head) {
      const browser = find(pipeline)?.line.browser
      if (browser === undefined) return refuseUpgrade(socket, '404 Not Found')
      return browser.receive(request, socket, head)
    },
  }
}
