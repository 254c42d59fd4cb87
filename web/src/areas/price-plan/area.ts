import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '~/app/root'
import { textParam } from '~/app/search'

export const pricePlanRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/price-plan',
  staticData: { title: 'Price plan' },
  validateSearch: (search) => textParam(search, 'point'),
  component: lazyRouteComponent(() => import('./price-plan-page'), 'PricePlanPage'),
})
