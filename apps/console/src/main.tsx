import { render } from 'preact'
import { App } from './app.tsx'
import './design/theme.css'
import './design/base.css'
import './shell/shell.css'
import { showTheme } from './session/theme.ts'
import { takeTokenFromAddress } from './session/token.ts'

takeTokenFromAddress()
showTheme()
render(<App />, document.getElementById('app')!)
