import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { productQuery } from '~/api/products'
import { shellRoute } from '~/app/root'
import { parseProductSearch } from './product-search'

export const productsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/products',
  staticData: { title: 'Products' },
  validateSearch: parseProductSearch,
  component: lazyRouteComponent(() => import('./products-page'), 'ProductsPage'),
})

export const productRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/products/$sku',
  staticData: { title: 'Product' },
  // Started, not awaited: the page shows its own skeleton.
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(productQuery(params.sku))
  },
  component: lazyRouteComponent(() => import('./detail/product-page'), 'ProductPage'),
})

export const productRoutes = [productsRoute, productRoute] as const
