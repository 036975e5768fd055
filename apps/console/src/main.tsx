import { render } from 'preact'
import { App } from './app.tsx'
import './design/theme.css'
import './design/base.css'
import './shell/shell.css'
import { goTo } from './routing/current-route.ts'
import { showTheme } from './session/theme.ts'
import { takeTokenFromAddress } from './session/token.ts'

if (takeTokenFromAddress()) goTo({ page: 'live' }, { replace: true })
showTheme()
render(<App />, document.getElementById('app')!)
