import { beforeEach, describe, expect, it } from 'vitest'
import { NodeLeases } from '../src/node-leases.ts'

describe('a lease', () => {
  let told: string[]
  let leases: NodeLeases
  beforeEach(() => {
    told = []
    leases = new NodeLeases({
      onLost: (owner) => void told.push(`lost ${owner}`),
      onLeft: (owner) => void told.push(`left ${owner}`),
      onFound: (owner) => void told.push(`found ${owner}`),
      onForgotten: (owner) => void told.push(`forgotten ${owner}`),
    })
  })
  const own = (beats: number) => {
    for (let beat = 0; beat < beats; beat++) leases.ownBeat()
  }

  it('lasts for three own beats, and begins anew with each of the other', () => {
    leases.beat('a', true)
    own(3)
    leases.beat('a', true)
    own(3)
    expect(told).toEqual([])
    own(1)
    expect(told).toEqual(['lost a'])
    expect(leases.heard).toBe(0)
    leases.beat('a', false)
    expect(told).toEqual(['lost a', 'found a'])
  })

  it('is given to a node of which only a call is known', () => {
    leases.known('a')
    own(4)
    leases.known('a')
    own(4)
    expect(told).toEqual(['lost a'])
  })

  it('is over at once when the node says so, once', () => {
    leases.beat('a', true)
    leases.left('a')
    leases.left('a')
    expect(told).toEqual(['left a', 'forgotten a'])
  })

  it('is forgotten once the server has let go of it, too', () => {
    leases.beat('a', true)
    own(659)
    expect(told).toEqual(['lost a'])
    own(1)
    expect(told).toEqual(['lost a', 'forgotten a'])
  })

  it('begins anew with a session, for who was heard; nobody has told all then', () => {
    leases.beat('gone', true)
    own(3)
    leases.beat('a', true)
    own(1)
    leases.restart()
    own(3)
    expect(told).toEqual(['lost gone'])
    expect([...leases.complete()]).toEqual([])
  })
})
