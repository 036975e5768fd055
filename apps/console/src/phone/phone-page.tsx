import { Page } from '../shell/page.tsx'

/** Talks to a pipeline from the browser. */
export default function PhonePage(_props: { readonly search: URLSearchParams }) {
  return (
    <Page title="Phone">
      <p class="empty">The phone is not built in yet.</p>
    </Page>
  )
}
