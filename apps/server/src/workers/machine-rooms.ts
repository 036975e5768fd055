import type { CallRoom, CallRooms, RingingRoom } from '../admission/call-rooms.ts'
import { createNamedRooms, type MakeRooms } from '../admission/named-rooms.ts'
import type { OfferedCall } from '@kav/core'

/** Who has room: a worker. */
type Holder = object

/** Counts the calls of all workers, by pipeline, against the limits of their files. */
export class MachineRooms {
  readonly #limits = new Map<string, number>()
  readonly #of: (pipeline: string) => CallRooms
  readonly #held = new Map<Holder, Map<number, CallRoom>>()
  readonly #gone = new WeakSet<Holder>()
  readonly #mostOf: () => number
  readonly #holders: () => readonly Holder[]
  /** Of calls that are being ordered, by what releases each. */
  readonly #ringing = new WeakMap<CallRoom['release'], RingingRoom>()

  /**
   * @param mostOf how many calls one holder can have, whatever the files say
   * @param holders those that there are
   */
  constructor(
    make: MakeRooms,
    mostOf: () => number = () => Infinity,
    holders: () => readonly Holder[] = () => [],
  ) {
    this.#mostOf = mostOf
    this.#holders = holders
    this.#of = createNamedRooms(make, (pipeline) => this.#limits.get(pipeline) ?? 0)
  }

  /** From now on. Calls that there are stay, also beyond the limit. */
  limit(limits: ReadonlyMap<string, number>): void {
    for (const [pipeline, maxCalls] of limits) this.#limits.set(pipeline, maxCalls)
  }

  /** `id` is the holder's own. `false`: full, or it has left: what a process has said is read after its end, too. */
  async claim(holder: Holder, id: number, pipeline: string, call: OfferedCall): Promise<boolean> {
    if (!this.#mayHold(holder)) return false
    const asked = this.#of(pipeline).claim(call)
    const room = asked instanceof Promise ? await asked : asked
    if (room === undefined) return false
    if (this.#gone.has(holder)) room.release()
    else this.#hold(holder, id, room)
    return true
  }

  /** The same for a call that is about to be placed. */
  async ring(holder: Holder, id: number, pipeline: string, call: OfferedCall): Promise<boolean> {
    if (!this.#mayHold(holder)) return false
    const room = await this.#of(pipeline).ring(call)
    if (room === undefined) return false
    if (this.#gone.has(holder)) room.release()
    else {
      this.#ringing.set(room.release, room)
      this.#hold(holder, id, { taken: () => undefined, release: room.release })
    }
    return true
  }

  /** The call of a room that rings was ordered: whoever answers it takes the room, and the holder has it no more. */
  ordered(holder: Holder, id: number, callId: string, withinMs: number): void {
    const held = this.#held.get(holder)?.get(id)
    this.#held.get(holder)?.delete(id)
    if (held !== undefined) this.#ringing.get(held.release)?.ordered(callId, withinMs)
  }

  /** The call of a room has come. */
  taken(holder: Holder, id: number): void {
    this.#held.get(holder)?.get(id)?.taken()
  }

  adopt(holder: Holder, id: number, pipeline: string, call: OfferedCall): void {
    if (!this.#gone.has(holder)) this.#hold(holder, id, this.#of(pipeline).adopt(call))
  }

  release(holder: Holder, id: number): void {
    this.#held.get(holder)?.get(id)?.release()
    this.#held.get(holder)?.delete(id)
  }

  /** The holder is gone, and its calls with it. Returns how many. */
  leave(holder: Holder): number {
    this.#gone.add(holder)
    const rooms = this.#held.get(holder) ?? new Map<number, CallRoom>()
    for (const room of rooms.values()) room.release()
    this.#held.delete(holder)
    return rooms.size
  }

  countOf(holder: Holder): number {
    return this.#held.get(holder)?.size ?? 0
  }

  get pipelines(): Iterable<string> {
    return this.#limits.keys()
  }

  isFull(pipeline: string): boolean {
    return this.#of(pipeline).isFull || this.#atHolders() === 0
  }

  freeOf(pipeline: string): number | undefined {
    const atHolders = this.#atHolders() ?? Infinity
    if (atHolders === 0) return 0
    const { free } = this.#of(pipeline)
    return free === undefined ? undefined : Math.min(free, atHolders)
  }

  /** How many more calls all of them can have. Absent: as many as come, or nobody is there to have any. */
  #atHolders(): number | undefined {
    const [most, holders] = [this.#mostOf(), this.#holders()]
    if (most === Infinity || holders.length === 0) return undefined
    return holders.reduce<number>((free, holder) => free + Math.max(0, most - this.countOf(holder)), 0)
  }

  #mayHold(holder: Holder): boolean {
    return !this.#gone.has(holder) && this.countOf(holder) < this.#mostOf()
  }

  #hold(holder: Holder, id: number, room: CallRoom): void {
    const rooms = this.#held.get(holder) ?? new Map<number, CallRoom>()
    this.#held.set(holder, rooms.set(id, room))
  }
}
