import type { LiveCall } from '@kav/client'

/** Who calls whom; numbers stand from the left whatever is around them. */
export function Parties({ call }: { call: Pick<LiveCall, 'from' | 'to' | 'direction'> }) {
  return (
    <span class="parties">
      <bdi dir="ltr" class="number">
        {call.from ?? 'unknown'}
      </bdi>
      <span aria-hidden="true"> → </span>
      <span class="only-heard"> to </span>
      <bdi dir="ltr" class="number">
        {call.to ?? 'unknown'}
      </bdi>
      {call.direction === 'out' && <span class="tag">out</span>}
    </span>
  )
}
