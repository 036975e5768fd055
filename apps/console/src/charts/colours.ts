import { effect } from '@preact/signals'
import { currentTheme } from '../session/theme.ts'

const PROBE = document.createElement('i')

export type ThemeColour =
  | 'ink'
  | 'ink-soft'
  | 'line'
  | 'line-strong'
  | 'accent'
  | 'caller'
  | 'unheard'
  | 'danger'
  | 'good'
  | 'warn'
  | 'raised'

/** A colour of the theme as a canvas takes it. */
export function colourOf(name: ThemeColour): string {
  if (!PROBE.isConnected) {
    PROBE.hidden = true
    document.body.append(PROBE)
  }
  // light-dark() is settled in a real property alone.
  PROBE.style.color = `var(--${name})`
  return getComputedStyle(PROBE).color
}

/** Called when light becomes dark or the other way round; gives what ends it. */
export function onColoursChange(listener: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', listener)
  let isFirst = true
  const end = effect(() => {
    void currentTheme.value
    if (!isFirst) listener()
    isFirst = false
  })
  return () => {
    system.removeEventListener('change', listener)
    end()
  }
}
