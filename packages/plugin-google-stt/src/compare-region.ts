import { didYouMean, finding } from '@kav/core/kit'
import type { LiveFinding } from '@kav/google-cloud'
import type { Locations } from './locations.ts'
import { chooseModel, isKnown } from './streaming-table.ts'

/** What a region lists, against what params ask it for. */
export function compareRegion(
  region: string,
  language: string,
  configuredModel: string,
  locations: Locations,
): LiveFinding {
  const model = configuredModel || chooseModel('v2', language, region, 'stream')
  const models = locations.get(region)
  if (models === undefined) {
    const message = `Google lists no location "${region}" for this project`
    return { region, ...finding.error(message, anotherRegion(region, language, model, locations)) }
  }
  const listed = models.get(language) ?? []
  if (listed.length === 0) {
    const meant = didYouMean(language, models.keys())
    const elsewhere = anotherRegion(region, language, model, locations)
    const fix =
      meant === undefined ? elsewhere : `Set language to "${meant}", the nearest that is listed there.`
    return { region, ...finding.error(`"${region}" lists no model for ${language}`, fix) }
  }
  if (!listed.includes(model)) {
    const message = `"${region}" does not list ${model} for ${language}; it lists ${listed.join(', ')}`
    const meant = didYouMean(model, listed) ?? listed[0]!
    return { region, ...finding.error(message, `Set model to "${meant}", or leave this region out.`) }
  }
  if (isKnown(model, language, region, 'stream') === false) {
    const message = `"${region}" lists ${model} for ${language}; the built-in table does not know it to stream`
    return { region, ...finding.warning(message, 'Place a call: it may be listed for whole files only.') }
  }
  return { region, ...finding.ok(`"${region}" lists ${model} for ${language}`) }
}

/** Where it would work: the region meant by a misspelt one, else those that list what is asked for. */
function anotherRegion(region: string, language: string, model: string, locations: Locations): string {
  const having = [...locations]
    .filter(([, models]) => models.get(language)?.includes(model))
    .map(([id]) => id)
  const meant = didYouMean(region, having)
  if (meant !== undefined) return `Set the region to "${meant}" instead of "${region}".`
  if (having.length > 0)
    return `Leave "${region}" out and take one that lists ${model} for ${language}: ${having.slice(0, 5).join(', ')}.`
  return `Check language and model: no region lists ${model} for ${language}.`
}
