import type { LiveCall } from '@kav/client'

const SPEAKING = { caller: 'Caller', agent: 'Agent', both: 'Both', nobody: 'Nobody' } as const

/** Whose voice is on the line, in words and by colour. */
export function Speaking({ call }: { call: Pick<LiveCall, 'state' | 'speaking' | 'muted'> }) {
  const { state, speaking = 'nobody', muted } = call
  if (state === 'promised') return <span class="tag">is being put through</span>
  return (
    <span class={`tag speaking ${speaking}`}>
      <span class="dot" aria-hidden="true" />
      {SPEAKING[speaking]}
      {muted && ', muted'}
    </span>
  )
}
