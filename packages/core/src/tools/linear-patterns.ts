import { MAX_MATCHED_CHARACTERS } from '../kit/linear-expression.ts'

export { MAX_MATCHED_CHARACTERS }

type Test = (text: string) => boolean

const bounded =
  (test: Test): Test =>
  (text) =>
    text.length <= MAX_MATCHED_CHARACTERS && test(text)

const matching = (expression: RegExp): Test => bounded((text) => expression.test(text))

/** The formats of a tool's parameters that are checked. ajv-formats has more, and some of them take quadratic time. */
export const LINEAR_FORMATS = {
  date: matching(/^\d{4}-\d{2}-\d{2}$/),
  time: matching(/^\d{2}:\d{2}(:\d{2}(\.\d+)?)?([zZ]|[+-]\d{2}:\d{2})?$/),
  'date-time': matching(/^\d{4}-\d{2}-\d{2}[tT ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([zZ]|[+-]\d{2}:\d{2})?$/),
  email: matching(/^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/),
  uuid: matching(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/),
  uri: bounded((text) => URL.canParse(text)),
}

/** Those that are said to the model and not checked: the others of JSON Schema, and the numbers of OpenAPI. */
export const SAID_FORMATS = Object.fromEntries(
  (
    'duration hostname idn-hostname idn-email ipv4 ipv6 uri-reference iri iri-reference uri-template json-pointer ' +
    'relative-json-pointer regex int32 int64 float double'
  )
    .split(' ')
    .map((name) => [name, true] as const),
)
