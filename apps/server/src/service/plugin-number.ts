const numbers = new WeakMap<object, number>()
let given = 0

/** Tells one reading of a plugin from another: `kav dev` imports it anew when its source has changed. */
export function pluginNumber(plugin: object): number {
  const known = numbers.get(plugin)
  if (known !== undefined) return known
  numbers.set(plugin, ++given)
  return given
}
