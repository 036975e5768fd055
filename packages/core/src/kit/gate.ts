/** Something that waits until it is let through; made anew to close it again. */
export interface Gate {
  /** Resolves once the gate was released. */
  readonly open: Promise<void>
  release(): void
  readonly released: boolean
}

export function createGate(): Gate {
  let release: () => void = () => undefined
  const open = new Promise<void>((resolve) => {
    release = resolve
  })
  const gate = {
    open,
    release() {
      gate.released = true
      release()
    },
    released: false,
  }
  return gate
}
