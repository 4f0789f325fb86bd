import { ensureTestImage, removeTestContainers, runContainer } from '../../tests/lib/docker.ts'

/** Running containers of eight Compose projects; answers their ids. */
export function runContainers(count: number): string[] {
  ensureTestImage()
  removeTestContainers()
  return Array.from({ length: count }, (_, i) =>
    runContainer(
      `bench-${String(i).padStart(3, '0')}`,
      ['sleep', '100000'],
      '--label',
      `com.docker.compose.project=stack-${i % 8}`,
      '--label',
      `com.docker.compose.service=service-${i}`,
    ),
  )
}
export { removeTestContainers as removeContainers }
