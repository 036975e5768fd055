import type { Clock, PluginContext } from '../contracts/index.ts'
import { createTestLogger, type TestLogger } from './test-logger.ts'
import { createTestMetrics, type TestMetrics } from './test-metrics.ts'

/** A plugin's context whose log and metrics can be read back. */
export interface TestContext extends PluginContext {
  readonly log: TestLogger
  readonly metrics: TestMetrics
}

/** Real time, for providers that speak to real engines and sockets. */
export function createRealClock(): Clock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    after(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    },
  }
}

/** What a host lends a plugin: real time and the working directory unless the test says otherwise. */
export function testContext(overrides: Partial<TestContext> = {}): TestContext {
  return {
    log: createTestLogger(),
    metrics: createTestMetrics(),
    clock: createRealClock(),
    baseDir: process.cwd(),
    ...overrides,
  }
}
