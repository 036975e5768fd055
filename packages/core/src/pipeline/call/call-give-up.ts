/** Ends a call that nothing came of, once the last words were said: with the caller handed over, or hung up. */
export async function endGivenUp(
  to: string | undefined,
  end: {
    readonly onEnd: (reason: 'gave-up') => void
    /** As `CallConversationParts.onTransfer`. */
    readonly onTransfer: (to: string) => Promise<string | undefined>
  },
): Promise<void> {
  // A caller who cannot be handed over has nobody left to talk to.
  if (to === undefined || (await end.onTransfer(to)) !== undefined) end.onEnd('gave-up')
}
