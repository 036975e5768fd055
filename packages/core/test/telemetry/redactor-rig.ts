import { createRedaction } from '../../src/redaction/redaction.ts'
import type { RedactionSettings } from '../../src/redaction/redaction-settings.ts'
import type { CallEvent } from '../../src/telemetry/call-events.ts'
import { createCallTelemetry } from '../../src/telemetry/call-telemetry.ts'
import { createFakeClock, createTestMetrics } from '../../src/testing/index.ts'
import { NOTHING } from '../redaction/nothing-private.ts'

export const NUMBER = '4242 4242 4242 4242'

/** Everything that comes out of a call's events: lines of the log, and what watchers, record and journal are given. */
export function rig(settings: Partial<RedactionSettings> = {}) {
  const time = createFakeClock()
  const metrics = createTestMetrics()
  const events: CallEvent[] = []
  const lines: string[] = []
  const write = (fields: object, message: string): void => void lines.push(JSON.stringify([fields, message]))
  const log = { debug: write, info: write, warn: write, error: write, child: () => log }
  const telemetry = createCallTelemetry({
    log,
    metrics,
    clock: time.clock,
    redaction: createRedaction({ ...NOTHING, cards: true, ...settings }),
    onEvent: (event) => events.push(event),
  })
  return {
    telemetry,
    metrics,
    time,
    events,
    /** All that came out. */
    out: () => JSON.stringify(events) + lines.join('\n'),
    texts: (name: string) =>
      events
        .filter(({ event }) => event === name)
        .map(({ private: said }) => said['text'] ?? said['digit'] ?? said['heard']),
    sounds: () => events.filter(({ event }) => event === 'redacted').map(({ fields }) => fields),
  }
}
