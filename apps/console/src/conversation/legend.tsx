/** What the looks of the agent's words mean. */
export function Legend({ live = false }: { live?: boolean }) {
  return (
    <p class="legend">
      <span class="heard">heard</span>
      {live && <span class="pending">on its way</span>}
      <del class="unheard">not heard</del>
    </p>
  )
}
