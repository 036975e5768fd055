import { type EchoEar, createEchoEar } from '../hearing/echo/echo-ear.ts'
import type { CallSessionParts } from './call-session-parts.ts'

/** What knows the agent's own voice when it comes back; absent without a voice detector, whose windows it judges. */
export function listenForEcho(parts: CallSessionParts): EchoEar | undefined {
  const { call, settings, stages, telemetry } = parts
  if (stages.vad === undefined || settings.conversation.bargeIn.echo === 'off') return undefined
  return createEchoEar(call.format, (echo) => telemetry.echoFound(echo))
}
