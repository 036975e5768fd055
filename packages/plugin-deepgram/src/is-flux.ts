/** Flux is another protocol (`/v2/listen`) with turns in it. */
export function isFlux(model: string): boolean {
  return model.startsWith('flux-')
}
