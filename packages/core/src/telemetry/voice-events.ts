import type { CallTelemetry } from './call-telemetry.ts'

/** Events about whose voice is on the line. */

export function tellWordsOverheard(telemetry: CallTelemetry, text: string): void {
  telemetry.tell('words_overheard', {}, { text })
}

/** `levelDb`: against what was sent. */
export function tellEchoFound(telemetry: CallTelemetry, echo: { delayMs: number; levelDb: number }): void {
  telemetry.tell('echo_found', { delay_ms: Math.round(echo.delayMs), level_db: Math.round(echo.levelDb) })
}
