import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoreContractOptions } from '@kav/core/testing'
import { sqlStore } from '../src/index.ts'

const PUT_AND_DIE = fileURLToPath(new URL('./put-and-die.mjs', import.meta.url))

type Where = { readonly file?: string; readonly url?: string }

/** What the suite wants of an engine; `fresh` names an empty store each time. */
export function storeOptions(fresh: () => Where, nowhere: Where): StoreContractOptions {
  let where: Where = {}
  const paramsOf = (place: Where) => ({ file: 'unused', max_connections: 4, ...place })
  return {
    create(context) {
      where = fresh()
      return sqlStore.create(paramsOf(where), context)
    },
    createAgain: (context) => sqlStore.create(paramsOf(where), context),
    createFailing: (context) => sqlStore.create(paramsOf(nowhere), context),
    failingClass: 'network',
    async putAndDie(batches, afterMs) {
      const child = fork(PUT_AND_DIE, [], { serialization: 'advanced' })
      const begins = once(child, 'message')
      child.send({ params: where, batches })
      await begins
      await sleep(afterMs)
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
