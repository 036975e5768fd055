import { type Logger, messageOf } from '@kav/core'

/** Closes a provider. One that fails to is told, and keeps nobody else from being closed. Never rejects. */
export async function closeTold(provider: { close(): Promise<void> }, log: Logger): Promise<void> {
  try {
    await provider.close()
  } catch (error) {
    log.warn({ error: messageOf(error) }, 'SERVER: a provider did not close')
  }
}
