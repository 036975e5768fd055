/** G.711 mu-law, one byte to one sample between -1 and 1. */
export const MULAW_SAMPLES: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => {
  const flipped = ~byte & 0xff
  const exponent = (flipped >> 4) & 7
  const magnitude = ((((flipped & 0x0f) << 3) + 0x84) << exponent) - 0x84
  return (flipped & 0x80 ? -magnitude : magnitude) / 32768
})
