import { lazy, Suspense } from 'preact/compat'
import { currentRoute } from './routing/current-route.ts'
import type { Route } from './routing/route.ts'
import { currentToken } from './session/token.ts'
import { Page } from './shell/page.tsx'
import { Rail } from './shell/rail.tsx'
import { SignIn } from './shell/sign-in.tsx'

// A page's code comes when it is gone to.
const LivePage = lazy(() => import('./live/live-page.tsx'))
const LiveCallPage = lazy(() => import('./live/live-call-page.tsx'))
const CallsPage = lazy(() => import('./past/calls-page.tsx'))
const CallPage = lazy(() => import('./past/call-page.tsx'))
const FiguresPage = lazy(() => import('./figures/figures-page.tsx'))
const PipelinesPage = lazy(() => import('./pipelines/pipelines-page.tsx'))
const PipelinePage = lazy(() => import('./pipelines/pipeline-page.tsx'))
const PhonePage = lazy(() => import('./phone/phone-page.tsx'))

export function App() {
  if (currentToken.value === undefined) return <SignIn />
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The fragment says which page it is.
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
      >
        To the page
      </a>
      <div class="shell">
        <Rail />
        <main id="main" tabIndex={-1}>
          <Suspense fallback={null}>{pageOf(currentRoute.value)}</Suspense>
        </main>
      </div>
    </>
  )
}

function pageOf(route: Route) {
  switch (route.page) {
    case 'live':
      return <LivePage />
    case 'live-call':
      return <LiveCallPage id={route.id} key={route.id} />
    case 'calls':
      return <CallsPage search={route.search} />
    case 'call':
      return <CallPage id={route.id} atSeconds={route.atSeconds} key={route.id} />
    case 'figures':
      return <FiguresPage search={route.search} />
    case 'pipelines':
      return <PipelinesPage />
    case 'pipeline':
      return <PipelinePage name={route.name} key={route.name} />
    case 'phone':
      return <PhonePage search={route.search} />
    default:
      return (
        <Page title="No such page">
          <p>
            Nothing is at this address. <a href="#/live">To the calls that are running</a>
          </p>
        </Page>
      )
  }
}
