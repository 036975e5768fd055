/** Messages of any length in, whole samples out: a byte that a message border cut off waits for its other half. */
export function createWholeSamples(sampleBytes: number): (audio: Uint8Array) => Uint8Array {
  if (sampleBytes === 1) return (audio) => audio
  let held: Uint8Array | undefined
  return (audio) => {
    // The usual case copies nothing.
    if (held === undefined && audio.length % 2 === 0) return audio
    const joined = held === undefined ? audio : Buffer.concat([held, audio])
    const whole = joined.length - (joined.length % 2)
    held = whole === joined.length ? undefined : Uint8Array.of(joined[whole]!)
    return joined.subarray(0, whole)
  }
}
