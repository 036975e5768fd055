import type { FakeCall, FarEnd } from '../../src/testing/index.ts'

/** The other end of a call of the fake transport. */
export const farEndOf = (one: FakeCall): FarEnd => ({
  say: one.media,
  press: one.dtmf,
  heard: one.sentAudio,
  hangUp: () => one.hangUp(),
  drop: () => one.hangUp('transport-error'),
  get ended() {
    return new Promise<void>((resolve) => {
      const look = () => (one.ended === undefined ? setTimeout(look, 1) : resolve())
      look()
    })
  },
})
