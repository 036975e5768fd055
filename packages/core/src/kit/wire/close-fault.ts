import type { ProviderError, ProviderErrorClass } from '../../contracts/errors.ts'
import { faultOf, type FaultRules } from './fault-rules.ts'
import { classOfStatus } from './http-fault.ts'

/** RFC 6455 section 7.4.1 and IANA's registry of close codes. What is not here is the network's. */
const CLASS_BY_CODE: Readonly<Record<number, ProviderErrorClass>> = {
  1003: 'bad-request',
  1007: 'bad-request',
  1008: 'bad-request',
  1009: 'bad-request',
  1010: 'bad-request',
  3000: 'auth',
  3003: 'auth',
  3008: 'timeout',
}

/**
 * What a close code means for a call. Services that have codes of their own mostly write 4000 and an HTTP status:
 * 4401, 4429.
 */
export function classOfClose(code: number): ProviderErrorClass {
  if (code >= 4400 && code < 4600) return classOfStatus(code - 4000)
  return CLASS_BY_CODE[code] ?? 'network'
}

/** The error for a socket that the other side closed, or that was cut (1005, 1006: no code came). */
export function closeFault(code: number, reason: string, rules: FaultRules): ProviderError {
  const words = reason === '' ? '' : ` ${reason}`
  const said =
    code === 1006 ? `the connection was cut${words}` : `the server closed the connection (${code}${words})`
  return faultOf(
    { errorClass: rules.classOf?.(code, reason) ?? classOfClose(code), said, details: { closeCode: code } },
    rules,
  )
}
