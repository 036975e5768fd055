import { createDenoiser, DENOISE_DELAY_MS } from '../../packages/plugin-local/dist/denoise/denoiser.js'

const RATE_HZ = 8000

/** The same 8 kHz sound without its noise, as long, and in its own time. */
export function denoise(samples) {
  const delay = (DENOISE_DELAY_MS * RATE_HZ) / 1000
  const denoiser = createDenoiser(RATE_HZ)
  const clean = new Int16Array(samples.length + delay)
  clean.set(samples)
  denoiser.process(clean)
  denoiser.free()
  return clean.subarray(delay)
}
