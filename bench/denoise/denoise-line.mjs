import { createDenoiser } from '../../packages/plugin-local/dist/denoise/denoiser.js'

/** The same 8 kHz sound without its noise, as long, and some 20 ms later. */
export function denoise(samples) {
  const denoiser = createDenoiser()
  const clean = new Int16Array(samples.length)
  const first = denoiser.process(samples)
  clean.set(first)
  const at = first.length
  clean.set(denoiser.flush(), at)
  denoiser.free()
  return clean
}
