/** Two shelves and what stands on them. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#3d5bd9" />
      <path d="M7 15.5h18M7 24.5h18" stroke="#fff" strokeOpacity=".5" strokeWidth="2" strokeLinecap="round" />
      <path
        d="M10.5 12.5V8M15.5 12.5v-3M21 12.5V7M10.5 21.5v-3M16 21.5V17M21.5 21.5v-2"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  )
}
