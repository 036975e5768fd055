import { signal, type ReadonlySignal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'kav-theme'
const THEMES: readonly Theme[] = ['system', 'light', 'dark']

const theme = signal<Theme>(THEMES.find((one) => one === localStorage.getItem(KEY)) ?? 'system')

export const currentTheme: ReadonlySignal<Theme> = theme

/** Light, dark, or as the system has it; kept for the next visit. */
export function chooseTheme(next: Theme): void {
  theme.value = next
  localStorage.setItem(KEY, next)
  showTheme()
}

export function showTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
}
