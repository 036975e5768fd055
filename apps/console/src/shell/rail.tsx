import { currentRoute } from '../routing/current-route.ts'
import type { Route } from '../routing/route.ts'
import { chooseTheme, currentTheme, type Theme } from '../session/theme.ts'
import { signOut } from '../session/token.ts'
import { Brand } from './brand.tsx'

const PLACES = [
  { name: 'Live', to: '#/live', pages: ['live', 'live-call'] },
  { name: 'Calls', to: '#/calls', pages: ['calls', 'call'] },
  { name: 'Figures', to: '#/figures', pages: ['figures'] },
  { name: 'Pipelines', to: '#/pipelines', pages: ['pipelines', 'pipeline'] },
  { name: 'Phone', to: '#/phone', pages: ['phone'] },
] as const satisfies readonly { name: string; to: string; pages: readonly Route['page'][] }[]

export function Rail() {
  const { page } = currentRoute.value
  return (
    <header class="rail">
      <Brand />
      <nav aria-label="Pages">
        <ul>
          {PLACES.map(({ name, to, pages }) => (
            <li key={to}>
              <a class="to" href={to} aria-current={pages.some((one) => one === page) ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="rail-end">
        <ThemeSwitch />
        <button class="button" type="button" onClick={signOut}>
          Sign out
        </button>
      </div>
    </header>
  )
}

function ThemeSwitch() {
  return (
    <select
      class="input"
      aria-label="Colours"
      value={currentTheme.value}
      onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}
    >
      <option value="system">As the system</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
  )
}
