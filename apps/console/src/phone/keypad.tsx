const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const
const NAMES: Readonly<Record<string, string>> = { '*': 'star', '#': 'hash' }

export function Keypad({
  disabled,
  onPress,
}: {
  readonly disabled: boolean
  readonly onPress: (digit: string) => void
}) {
  return (
    <div class="keypad" dir="ltr" role="group" aria-label="Keys">
      {KEYS.map((digit) => (
        <button
          key={digit}
          type="button"
          class="button"
          disabled={disabled}
          aria-label={`Key ${NAMES[digit] ?? digit}`}
          onClick={() => onPress(digit)}
        >
          {digit}
        </button>
      ))}
    </div>
  )
}
