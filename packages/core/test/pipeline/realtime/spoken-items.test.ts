import { expect, it } from 'vitest'
import { createSpokenItems, placeItem } from '../../../src/pipeline/realtime/realtime-items.ts'

/** An item of 1 s at 400, with 300 ms of something else behind its first 600 ms. */
function brokenItem() {
  const items = createSpokenItems()
  const item = items.of('item')
  item.text = 'one two three four five six seven eight nine ten'
  item.receivedMs = 1000
  placeItem(item, 400, 500)
  placeItem(item, 900, 100)
  placeItem(item, 1300, 400)
  items.complete()
  return items
}

it('what lies in the middle of an item is not counted as heard of it', () => {
  const heardMs = [700, 1000, 1150, 1300, 1500, 1700, 1800].map(
    (position) => brokenItem().heardAt(position)?.heardMs,
  )
  expect(heardMs).toEqual([300, 600, 600, 600, 800, 1000, 1000])
})

it('an item is over when its last sound was heard, and cut at the words before that', () => {
  const items = brokenItem()
  items.forgetHeard(1600)
  const [said] = items.cut({ heardMs: 1300, sentMs: 1700 })
  expect(said!.heard).toBe('one two three four five six')
  const over = brokenItem()
  over.forgetHeard(1700)
  expect(over.cut({ heardMs: 1700, sentMs: 1700 })).toEqual([])
})
