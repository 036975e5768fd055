import { useState } from 'preact/hooks'
import { isApiError } from '../api/api-error.ts'
import { requestJson } from '../api/request.ts'
import { signIn } from '../session/token.ts'
import { Brand } from './brand.tsx'

/** Asks for the token, and for an answer to it before it is taken for right. */
export function SignIn() {
  const [problem, setProblem] = useState<string>()
  const [asking, setAsking] = useState(false)

  async function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token')
    if (typeof token !== 'string' || token.trim() === '') return setProblem('Paste the token first.')
    setAsking(true)
    const found = await problemWith(token.trim())
    setAsking(false)
    if (found === undefined) signIn(token.trim())
    else setProblem(found)
  }

  return (
    <main class="panel sign-in">
      <Brand />
      <h1>Sign in</h1>
      <p class="soft">
        <code>kav console</code> prints a link that signs in by itself. The token is{' '}
        <code>KAV_ADMIN_TOKEN</code>, or stands in <code>.kav/admin-token</code> of the folder that{' '}
        <code>kav serve</code> runs in.
      </p>
      <form class="sign-in-form" onSubmit={(event) => void onSubmit(event)}>
        <label class="field">
          <span>Token</span>
          <input
            class="input mono"
            name="token"
            type="password"
            autocomplete="current-password"
            aria-describedby="sign-in-problem"
            aria-invalid={problem !== undefined}
          />
        </label>
        <p id="sign-in-problem" role="alert" class="problem">
          {problem}
        </p>
        <button class="button main" type="submit" disabled={asking}>
          Sign in
        </button>
      </form>
    </main>
  )
}

async function problemWith(token: string): Promise<string | undefined> {
  try {
    await requestJson('/api/about', { token })
    return undefined
  } catch (error) {
    if (!isApiError(error)) throw error
    return error.status === 401 ? 'This is not the token of this server.' : error.message
  }
}
