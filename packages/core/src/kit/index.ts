/** What the core and plugins both need, written once. */
export { delay, settleWithin, withDeadline } from './deadline.ts'
export { createGate, type Gate } from './gate.ts'
export { type IterationLimits, timedIteration } from './timed-iteration.ts'
export { nowUs, toUs, US_PER_MS } from './whole-us.ts'
