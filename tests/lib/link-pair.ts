import type { Link } from '../../app/shared/rpc/link.ts'
import { memoryLinks } from '../../app/shared/rpc/memory-link.ts'

/** Two ends of one link in memory. */
export function linkPair(): [Link, Link] {
  const { near, far } = memoryLinks()
  return [near, far]
}
