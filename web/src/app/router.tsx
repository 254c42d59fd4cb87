import { createRouter } from '@tanstack/react-router'
import { queryClient } from '~/app/query-client'
import { rootRoute, shellRoute } from '~/app/root'
import { parseSearch, printSearch } from '~/app/search'
import { alertsRoute } from '~/areas/alerts/area'
import { demandRoute } from '~/areas/demand/area'
import { identityRoutes } from '~/areas/identity/area'
import { importRoutes } from '~/areas/imports/area'
import { ledgerRoute } from '~/areas/ledger/area'
import { modelsRoute } from '~/areas/models/area'
import { overviewRoute } from '~/areas/overview/area'
import { pricePlanRoute } from '~/areas/price-plan/area'
import { priceTestsRoute } from '~/areas/price-tests/area'
import { productRoutes } from '~/areas/products/area'
import { recommendationsRoute } from '~/areas/recommendations/area'
import { settingsRoute } from '~/areas/settings/area'
import { Progress } from '~/ui/progress'

export const routeTree = rootRoute.addChildren([
  ...identityRoutes,
  shellRoute.addChildren([
    overviewRoute,
    ...productRoutes,
    recommendationsRoute,
    alertsRoute,
    ledgerRoute,
    demandRoute,
    pricePlanRoute,
    priceTestsRoute,
    modelsRoute,
    ...importRoutes,
    settingsRoute,
  ]),
])

export const router = createRouter({
  routeTree,
  context: { queryClient },
  parseSearch,
  stringifySearch: printSearch,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingComponent: Progress,
  defaultPendingMs: 150,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** The page's name in the document title. */
    title?: string
    /** The page answers for the shared date range: the top bar shows the control. */
    usesRange?: boolean
  }
}
