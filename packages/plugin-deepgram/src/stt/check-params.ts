import type { ParamWarning } from '@kav/core'
import { keyWarnings } from '../connection.ts'
import { isFlux } from '../is-flux.ts'
import type { SttParams } from './stt-params.ts'

/** What is legal in the params and likely wrong: keys, and what only Flux knows. */
export function checkParams(params: SttParams): ParamWarning[] {
  const warnings = keyWarnings(params)
  const { eager_eot_threshold: eager, eot_threshold: sure, model, language } = params
  if (eager !== undefined && eager >= sure)
    warnings.push({
      path: ['eager_eot_threshold'],
      message: 'is not below eot_threshold: no turn is told early',
    })
  if (eager !== undefined && !isFlux(model))
    warnings.push({
      path: ['eager_eot_threshold'],
      message: `${model} does not judge turns; flux-general-en does`,
    })
  if (model === 'flux-general-en' && !/^(|en(-.*)?)$/i.test(language))
    warnings.push({
      path: ['model'],
      message: `hears English only; for ${language} write flux-general-multi or nova-3`,
    })
  return warnings
}
