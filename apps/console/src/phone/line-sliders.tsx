import type { LineSettings } from './engine/bad-line.ts'

/** Makes the line between phone and server worse, both ways. */
export function LineSliders(props: {
  readonly settings: LineSettings
  readonly onChange: (settings: LineSettings) => void
}) {
  const { settings, onChange } = props
  return (
    <section class="panel" aria-labelledby="line-title">
      <header>
        <h2 id="line-title">Line, each way</h2>
      </header>
      <div class="body sliders">
        <Slider
          name="Loss"
          max={30}
          unit="%"
          value={Math.round(settings.lossShare * 100)}
          onInput={(percent) => onChange({ ...settings, lossShare: percent / 100 })}
        />
        <Slider
          name="Jitter"
          max={500}
          unit="ms"
          value={settings.jitterMs}
          onInput={(jitterMs) => onChange({ ...settings, jitterMs })}
        />
        <Slider
          name="Delay"
          max={1000}
          unit="ms"
          value={settings.delayMs}
          onInput={(delayMs) => onChange({ ...settings, delayMs })}
        />
      </div>
    </section>
  )
}

function Slider(props: {
  readonly name: string
  readonly max: number
  readonly unit: string
  readonly value: number
  readonly onInput: (value: number) => void
}) {
  const { name, max, unit, value, onInput } = props
  return (
    <label class="slider">
      <span>{name}</span>
      <input
        type="range"
        min="0"
        max={max}
        step={max > 100 ? 10 : 1}
        value={value}
        aria-valuetext={`${value} ${unit}`}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
      <span class="number">
        {value} {unit}
      </span>
    </label>
  )
}
