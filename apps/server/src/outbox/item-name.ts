import { randomBytes } from 'node:crypto'

/** `000001795991000123-000007-1f2e3d4c.json`: by name is by age, and no two processes give the same. */
const NAME = /^(\d{18})-(\d{6})-[0-9a-f]{8}\.json$/
const MAX_SERIAL = 999_999

export function itemName(bornWallMs: number, serial: number): string {
  const born = String(Math.max(0, Math.floor(bornWallMs))).padStart(18, '0')
  const place = String(serial % (MAX_SERIAL + 1)).padStart(6, '0')
  return `${born}-${place}-${randomBytes(4).toString('hex')}.json`
}

/** When an item was put; `undefined` for the name of something else. */
export function bornWallMs(name: string): number | undefined {
  const [, born] = NAME.exec(name) ?? []
  return born === undefined ? undefined : Number(born)
}
