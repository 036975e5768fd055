import { SpokenText } from '../text/spoken-text.tsx'
import type { HeardText } from './heard-text.ts'

/**
 * What the agent said: the part that was not heard has its own colour, is struck through and is named for screen
 * readers. With `pending`, it is still on its way, so it is not struck.
 */
export function AgentWords({ words, pending = false }: { words: HeardText; pending?: boolean }) {
  const { heard, unheard } = words
  if (unheard === '')
    return (
      <span class="heard">
        <SpokenText text={heard} />
      </span>
    )
  return (
    <>
      {heard !== '' && (
        <span class="heard">
          <SpokenText text={heard} />{' '}
        </span>
      )}
      {pending ? (
        <span class="pending">
          <SpokenText text={unheard} />
        </span>
      ) : (
        <del class="unheard">
          <span class="only-heard">Not heard: </span>
          <SpokenText text={unheard} />
        </del>
      )}
    </>
  )
}
