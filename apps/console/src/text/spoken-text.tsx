import { directionOf } from './direction.ts'
import { numberParts } from './number-parts.ts'

/** What somebody said: numbers in a text from the right keep their own order. */
export function SpokenText({ text }: { text: string }) {
  if (directionOf(text) === 'ltr') return <>{text}</>
  return (
    <>
      {numberParts(text).map(({ text: part, isNumber }, index) =>
        isNumber ? (
          <bdi key={index} dir="ltr" class="unbroken">
            {part}
          </bdi>
        ) : (
          part
        ),
      )}
    </>
  )
}
