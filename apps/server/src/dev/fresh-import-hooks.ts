type Resolved = { readonly url: string }
type NextResolve = (specifier: string, context: { readonly parentURL?: string }) => Promise<Resolved>

/**
 * Called by Node.js for every import: what a plugin that is imported as `plugin.js?kav=…` imports by a relative path is
 * of the same reading as itself. Packages are shared by all of them, the core above all.
 */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: NextResolve,
): Promise<Resolved> {
  const resolved = await next(specifier, context)
  const reading = /\?kav=\w+$/.exec(context.parentURL ?? '')?.[0]
  return reading !== undefined && specifier.startsWith('.') && !resolved.url.includes('?')
    ? { ...resolved, url: resolved.url + reading }
    : resolved
}
