import { Page } from '../shell/page.tsx'

/** The calls that are running. */
export default function LivePage() {
  return (
    <Page title="Live calls">
      <p class="empty">No call is running.</p>
    </Page>
  )
}
