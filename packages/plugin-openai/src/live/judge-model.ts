import type { LiveFinding } from '@kav/core'
import { didYouMean, finding } from '@kav/core/kit'
import { answerOf, type LiveServer } from './live-server.ts'
import { isListed, type ModelList, readModel } from './model-list.ts'
import { quoted } from './quoted.ts'

/** Whether the server has what `param` names. */
export async function judgeModel(
  server: LiveServer,
  list: ModelList,
  param: string,
  model: string,
): Promise<LiveFinding> {
  const { host, isOpenai, namesDeployments } = server.place
  const who = `${host} ${isOpenai ? 'takes the key' : 'answers'}`
  if (isListed(model, list)) return finding.ok(`${who} and lists "${model}" (${param})`)
  if (list.takesAnyName) {
    return finding.ok(`${who}; it serves ${quoted(list.ids)} under any name, "${model}" too`)
  }
  if (namesDeployments) {
    return finding.ok(
      `${host} takes the key; whether "${model}" (${param}) is a deployment cannot be asked, a call tells`,
    )
  }
  // Some lists leave out what the server has: a model of one's own, an alias.
  const byName = await answerOf(server, `${server.place.modelsUrl}/${encodeURIComponent(model)}`)
  if (!byName.thrown && readModel(byName.json) !== undefined) {
    return finding.ok(`${who} and knows "${model}" (${param})`)
  }
  const fix = modelFix(model, param, list.ids)
  return list.isPartial
    ? finding.warning(
        `${who} and lists only some of its models; "${model}" (${param}) is not among them`,
        fix,
      )
    : finding.error(`${who} and does not list "${model}" (${param})`, fix)
}

function modelFix(model: string, param: string, ids: readonly string[]): string {
  const meant = didYouMean(model, ids)
  if (meant !== undefined) return `Set ${param} to "${meant}", the nearest that is listed.`
  return ids.length === 0
    ? `Load a model at the server (it lists none), or correct ${param}.`
    : `Set ${param} to one that is listed: ${quoted(ids)}.`
}
