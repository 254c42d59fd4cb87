import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const priceTestsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/price-tests',
  staticData: { title: 'Price tests' },
  validateSearch: (search) => ({ ...textParam(search, 'show'), ...textParam(search, 'open') }),
  component: lazyRouteComponent(() => import('./price-tests-page'), 'PriceTestsPage'),
})
