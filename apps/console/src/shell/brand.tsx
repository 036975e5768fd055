import mark from '../design/kav.svg'

export function Brand() {
  return (
    <div class="brand">
      <img src={mark} alt="" width="26" height="26" />
      <span>Kav</span>
    </div>
  )
}
