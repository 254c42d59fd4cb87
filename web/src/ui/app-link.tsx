import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

type Props = { href: string; children: ReactNode; className?: string | undefined; 'aria-label'?: string }

/** A link whose address the server chose ("/products?status=loss"): no page load inside the app, a plain link outside. */
export function AppLink({ href, children, ...rest }: Props) {
  const router = useRouter()
  const isInside = href.startsWith('/') && !href.startsWith('//') && !href.startsWith('/api/')
  const follow = (event: MouseEvent) => {
    if (!isInside || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    router.history.push(href)
  }
  return (
    <a href={href} onClick={follow} {...(isInside ? {} : { target: '_blank', rel: 'noreferrer' })} {...rest}>
      {children}
    </a>
  )
}
