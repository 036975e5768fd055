import { FAULT_PROMISES, HOST_PROMISES, type Promises } from './promise.ts'

/** What a noise filter promises. */
export const DENOISE_PROMISES = {
  stated: { says: 'states rates and a delay that can be', at: 'DenoiseProvider.sampleRatesHz' },
  warm: { says: 'warms up before callers, twice and at once', at: 'DenoiseProvider.warm' },
  delay: {
    says: 'gives speech back as much later as it states, at each of its rates',
    at: 'DenoiseProvider.delayMs',
  },
  noise: { says: 'takes noise down', at: 'DenoiseProvider' },
  silence: { says: 'makes no sound of its own', at: 'DenoiseSession.clean' },
  cuts: { says: 'gives the same however the sound is cut into pieces', at: 'DenoiseSession.clean' },
  'any-sound': { says: 'takes any sound, and pieces of any size', at: 'DenoiseSession.clean' },
  apart: { says: 'keeps the callers apart, at once and one after another', at: 'DenoiseSession' },
  lent: {
    says: 'reads and fills the piece until `clean` settles, and touches it no later',
    at: 'DenoiseSession.clean',
  },
  'session-close': {
    says: 'leaves the other sessions as they are when one closes, also twice and at work',
    at: 'DenoiseSession.close',
  },
  refuses: {
    says: 'refuses pieces of a session that is closed, and callers after `close`',
    at: 'DenoiseSession.clean',
  },
  closes: {
    says: 'frees everything at `close` and settles, also twice and while it works',
    at: 'DenoiseProvider.close',
  },
  'nothing-left': {
    says: 'leaves no worker and no timer behind, not even one that keeps no process alive',
    at: 'DenoiseProvider.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
} as const satisfies Promises
